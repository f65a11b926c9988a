"""The 25 templates of population-book.ts, each in four variants, hand-vectorised: numpy's best, two-valued, one thread.

Reads {households, rounds, day, household: fields, member: fields} as JSON from standard input; makes the same complete population by the same
arithmetic as population-data.ts; prints {seconds, sums} as JSON: the seconds of each round and the sum of each rule's column.
"""

import json
import sys
import time

import numpy as np

spec = json.load(sys.stdin)
M32 = np.uint64(0xFFFFFFFF)


def mixed(key, salt):
    x = (key * np.uint64(2654435761) + np.uint64(salt * 40503)) & M32
    x = ((x ^ (x >> np.uint64(15))) * np.uint64(2246822519)) & M32
    x = ((x ^ (x >> np.uint64(13))) * np.uint64(3266489917)) & M32
    return x ^ (x >> np.uint64(16))


def made(fields, key, first):
    table = {}
    for i, f in enumerate(fields):
        x = mixed(key, first + i)
        low, span, kind = f["low"], np.uint64(f["span"]), f["type"].split(":")[0]
        if kind == "bool":
            table[f["name"]] = x % span == 0
        elif kind == "date":
            year = low + (x % span).astype(np.int64)
            month = 1 + ((x // span) % np.uint64(12)).astype(np.int64)
            table[f["name"]] = (year * 10000 + month * 100 + 1 + ((x // (span * np.uint64(12))) % np.uint64(28)).astype(np.int64)).astype(np.int32)
        else:
            table[f["name"]] = (low + (x % span).astype(np.int64)).astype(np.int16 if kind == "enum" else np.int64)
    return table


key = np.arange(1, spec["households"] + 1, dtype=np.uint64)
x = mixed(key, 1)
three = np.uint64(3)
n = (1 + (x % three) + (x // three) % three + (x // np.uint64(9)) % np.uint64(2) + ((x // np.uint64(18)) % np.uint64(20) < three)).astype(np.int64)
starts = np.concatenate(([0], np.cumsum(n)[:-1]))
order = np.arange(n.sum(), dtype=np.int64) - np.repeat(starts, n)
H = made(spec["household"], key, 100)
P = made(spec["member"], np.repeat(key, n) * np.uint64(16) + order.astype(np.uint64), 200)
day = spec["day"]


def any_of(b):
    return np.logical_or.reduceat(b, starts)


def all_of(b):
    return np.logical_and.reduceat(b, starts)


def count(b):
    return np.add.reduceat(b, starts, dtype=np.int64)


def total(v):
    return np.add.reduceat(v, starts)


def rules():
    h, m = H, P
    age = (day - m["birth"]) // 10000
    good = h["grade"] <= 2
    counted = h["income"] - h["pension_income"] - h["oneoff_aid"]
    serious = m["health"] == 3
    elders = count(age >= 60)
    eldest = np.maximum.reduceat(age, starts)
    able = count(m["labour"] <= 2)
    skilled = count(m["labour"] == 2)
    wages = total(m["wage"])
    breadwinner_ill = (m["relation"] <= 2) & (m["health"] >= 3)
    any_serious = any_of(serious)
    far = np.int64(1) << 60
    for v in range(4):
        yield f"r0_{v}", np.array([0, 0, 2 + v, 3, 5, 8, 10 + v])[h["structure"]]
    for v in range(4):
        yield f"r1_{v}", np.array([0, 4 + v, 4 + v, 2, 0])[h["grade"]]
    for v in range(4):
        yield f"r2_{v}", (h["area"] >= (8 + v) * n).astype(np.int64) + (h["area"] >= (16 + v) * n) + (h["area"] >= (32 + v) * n)
    for v in range(4):
        i = h["income"]
        yield f"r3_{v}", 2 * (i >= (200000 + 10000 * v) * n).astype(np.int64) + (i >= (400000 + 10000 * v) * n) + (i >= (800000 + 10000 * v) * n)
    for v in range(4):
        yield f"r4_{v}", ((h["town_homes"] > v) | h["town_shop"]) & ~((h["town_homes"] == h["town_homes_resettled"]) & ~h["town_shop"])
    for v in range(4):
        yield f"r5_{v}", (h["vehicle_value"] >= 3000000 + 500000 * v) & ~h["tractor_only"]
    housed = [good & (h["area"] >= (13 + v) * n) for v in range(4)]
    for v in range(4):
        yield f"r6_{v}", housed[v]
    covered = [all_of(m["insured"] | (age < v)) for v in range(4)]
    for v in range(4):
        yield f"r7_{v}", covered[v]
    for v in range(4):
        yield f"r8_{v}", all_of((age < 6 + v) | (age > 15) | m["in_school"])
    for v in range(4):
        yield f"r9_{v}", (h["water_minutes"] <= 20 + v) & (h["water_litres"] >= 35 + v) & (h["road_width"] >= 350 - 50 * v) & h["power"]
    above = [counted > (295200 + 20000 * v) * n for v in range(4)]
    for v in range(4):
        yield f"r10_{v}", above[v]
    for v in range(4):
        yield f"r11_{v}", housed[v] & covered[v] & above[v] & h["power"]
    for v in range(4):
        one, low = n == 1, h["tier"] <= 2
        paid = np.where(one, np.where(low, 2800000, 3100000), np.where(low, 4300000, np.where(h["tier"] == 3, 4700000, 4900000))) + 10000 * v
        yield f"r12_{v}", np.where(h["approved"], paid, 0)
    for v in range(4):
        d = h["done"]
        first, second = 20170028 + 100 * (1 + v), 20170030 + 100 * (4 + v)
        yield f"r13_{v}", np.where(d <= first, 500000, np.where(d <= second, 300000, np.where(d <= 20171231, 100000, 0)))
    for v in range(4):
        yield f"r14_{v}", wages > 1000000 + 500000 * v
    for v in range(4):
        yield f"r15_{v}", total(np.where(age >= 16 + v, m["wage"], 0))
    for v in range(4):
        yield f"r16_{v}", eldest >= 60 + 5 * v
    for v in range(4):
        yield f"r17_{v}", elders >= 1 + v
    for v in range(4):
        yield f"r18_{v}", any_of(serious & (age >= 10 * v))
    for v in range(4):
        yield f"r19_{v}", any_of(breadwinner_ill & (m["months"] < 3 + 3 * v))
    for v in range(4):
        yield f"r20_{v}", able * 100 >= (30 + 10 * v) * n
    for v in range(4):
        i = h["income"]
        yield f"r21_{v}", (h["med_oop"] * 100 > i * (10 + 10 * v)) | (h["school_cost"] * 100 > i * (20 + 10 * v))
    for v in range(4):
        a, b = h["income"] - h["med_oop"], n + v
        yield f"r22_{v}", np.sign(a) * ((2 * np.abs(a) + b) // (2 * b))
    for v in range(4):
        least = np.minimum.reduceat(np.where(m["months"] >= 3 * v, m["wage"], far), starts)
        yield f"r23_{v}", np.where(least == far, 0, least)
    base = np.where(any_serious, -3, 0) + np.where(h["floors"] >= 2, 2, 0) - (h["debt"] > 2000000) + skilled
    solid = h["structure"] >= 5
    for v in range(4):
        yield f"r24_{v}", np.where(solid, 6 + v, 1) + (h["built"] >= 1990 + 5 * v) + base


def once():
    return {name: int(column.sum()) for name, column in rules()}


sums = once()
seconds = []
for _ in range(spec["rounds"]):
    start = time.perf_counter()
    cpu = time.process_time()
    once()
    seconds.append([time.perf_counter() - start, time.process_time() - cpu])
json.dump({"seconds": seconds, "sums": sums, "numpy": np.__version__}, sys.stdout)
