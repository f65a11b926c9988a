import { printDate } from '../civil-date.ts'
import { type Bounded, boundedCompare, boundedTotal, joined, times } from './bounded-saying.ts'
import type { Random } from './random.ts'
import {
  anyRow,
  choose,
  compared,
  constant,
  every,
  fact,
  isKnown,
  not,
  orElse,
  parameter,
  reference,
  type Saying,
  type Sign,
  some,
  strict,
  total,
} from './saying.ts'

/** What random sayings may name besides facts of the small book. */
export interface Named {
  /** Parameters by what they are compared with. */
  amounts: string[]
  counts: string[]
  lands: string[]
  /** Rules about a household that say yes or no, and parts of standards. */
  yesNo: { id: string; part: string | null }[]
}

const signs: Sign[] = ['<', '<=', '>', '>=', '==', '!=']
const number = (n: number): Saying => constant(String(n), n)

/** Random conditions and numbers about the small book's household, each with its own second reading. */
export class RandomSayings {
  constructor(
    private readonly random: Random,
    private readonly named: Named,
  ) {}

  condition(depth: number): Saying {
    const { random } = this
    const sub = (): Saying => this.condition(depth - 1)
    const leaves: (() => Saying)[] = [
      () => fact('h', 'poor'),
      () => fact('h', 'ill'),
      () => this.graded('h', 'grade'),
      () => compared(this.sign(), fact('h', 'rooms'), number(random.whole(0, 6))),
      () => compared(this.sign(), fact('h', 'area'), number(random.whole(10, 40))),
      () => compared(this.sign(), fact('h', 'visit'), this.day()),
      () => compared(this.sign(), fact('h', 'income'), this.yuan()),
      ...this.named.lands.map((p) => () => compared(this.sign(), fact('h', 'paddy'), parameter(p))),
    ]
    const forms: (() => Saying)[] = [
      () => every(sub(), sub()),
      () => some(sub(), sub()),
      () => every(sub(), sub(), sub()),
      () => not(sub()),
      () => choose(sub(), sub(), sub()),
      () => compared(this.sign(), this.number(depth - 1), this.number(depth - 1)),
      () => this.perHead(),
      () => compared(this.sign(), total('h', 'members', 'm', this.ofMember(0), null, this.ofMember(0)), number(random.whole(0, 2))),
      () => anyRow('h', 'members', 'm', this.ofMember(depth - 1), random.pick(['exists', 'all'])),
      () => anyRow('h', 'members', 'm', this.ofMember(0), random.pick(['exists', 'all']), this.ofMember(0)),
      () => anyRow('h', 'vehicles', 'r', this.graded('r', 'kind', ['car', 'tractor']), random.pick(['exists', 'all'])),
      () => (random.chance(0.5) ? isKnown(sub()) : orElse(sub(), constant('false', false))),
      ...this.named.yesNo.map((r) => () => reference(r.id, r.part)),
    ]
    return random.pick(depth <= 0 ? leaves : [...forms, ...leaves])()
  }

  /** A whole number without decimals. */
  number(depth: number): Saying {
    const { random } = this
    const leaves: (() => Saying)[] = [
      () => fact('h', 'rooms'),
      () => number(random.whole(0, 9)),
      () => total('h', 'members', 'm', null, null),
      ...this.named.counts.map((p) => () => parameter(p)),
    ]
    const sub = (): Saying => this.number(depth - 1)
    const pair = (): [Saying, Saying] => [sub(), sub()]
    const forms: (() => Saying)[] = [
      () => {
        const [a, b] = pair()
        return strict(`(${a.text} + ${b.text})`, [a, b], (x: number, y: number) => x + y)
      },
      () => {
        const [a, b] = pair()
        return strict(`(${a.text} - ${b.text})`, [a, b], (x: number, y: number) => x - y)
      },
      () => {
        const [a, n] = [sub(), random.whole(0, 4)]
        return strict(`(${a.text} * ${n})`, [a], (x: number) => x * n)
      },
      () => choose(this.condition(depth - 1), sub(), sub()),
      () => total('h', 'members', 'm', this.ofMember(depth - 1), null),
      () => total('h', 'members', 'm', this.ofMember(0), null, this.ofMember(0)),
      () => total('h', 'members', 'm', random.chance(0.5) ? this.ofMember(depth - 1) : null, fact('m', 'months')),
      () => {
        const [a, b] = [sub(), random.whole(2, 5)]
        return strict(`floorDiv(${a.text}, ${b})`, [a], (x: number) => Math.floor(x / b))
      },
      () => {
        const [a, b] = pair()
        return strict(`greatest(${a.text}, ${b.text})`, [a, b], (x: number, y: number) => (x > y ? x : y))
      },
    ]
    return random.pick(depth <= 0 ? leaves : [...leaves, ...forms])()
  }

  money(): Saying {
    const { random } = this
    return random.pick<() => Saying>([
      () => fact('h', 'income'),
      () => this.yuan(),
      () => total('h', 'members', 'm', random.chance(0.5) ? this.ofMember(0) : null, fact('m', 'wage')),
      ...this.named.amounts.map((p) => () => parameter(p)),
      () => {
        const [a, n] = [fact('h', 'income'), total('h', 'members', 'm', null, null)]
        return strict(`per(${a.text}, ${n.text})`, [a, n], (x: number, y: number) => (y === 0 ? undefined : halfAway(x, y)))
      },
    ])()
  }

  /** A condition about a village, its counts with bounds. */
  ofVillage(depth: number): Saying {
    const { random } = this
    if (depth > 0 && random.chance(0.4)) {
      const pair = [this.ofVillage(depth - 1), this.ofVillage(depth - 1)]
      return random.chance(0.5) ? every(...pair) : random.chance(0.5) ? some(...pair) : not(pair[0]!)
    }
    if (random.chance(0.2)) return compared(this.sign(), fact('v', 'products'), number(random.whole(0, 3)))
    return boundedCompare(this.sign(), this.countedWith(), this.countedWith())
  }

  /** A count or sum over the households of a village. */
  counted(): Bounded {
    const test = this.random.chance(0.7) ? this.condition(1) : null
    const people = total('h', 'members', 'm', null, null)
    return this.random.chance(0.5)
      ? boundedTotal(test, people, [0, 60], [0, 1000])
      : boundedTotal(test ?? this.condition(1), null, [1, 1], [0, 1000])
  }

  /** Such a number times a factor, or with another one added or taken away. */
  countedWith(): Bounded {
    const one = times(this.counted(), this.random.whole(1, 4))
    return this.random.chance(0.4) ? joined(this.random.pick(['+', '-']), one, this.counted()) : one
  }

  private ofMember(depth: number): Saying {
    const { random } = this
    const years = random.whole(5, 70)
    const leaves: (() => Saying)[] = [
      () => fact('m', 'insured'),
      () => this.graded('m', 'level'),
      () => compared(this.sign(), fact('m', 'months'), number(random.whole(0, 12))),
      () => {
        const [by, birth] = [this.sign(), fact('m', 'birth')]
        const age: Saying = {
          ...birth,
          text: `age(${birth.text})`,
          read(facts, world, at) {
            const told = birth.read(facts, world, at)
            return told.value === undefined ? told : { ...told, value: fullYears(world.at, told.value as number) }
          },
        }
        return compared(by, age, number(years))
      },
    ]
    if (depth <= 0) return random.pick(leaves)()
    const pair = (): [Saying, Saying] => [this.ofMember(depth - 1), this.ofMember(depth - 1)]
    return random.pick<() => Saying>([...leaves, () => every(...pair()), () => some(...pair()), () => not(this.ofMember(depth - 1))])()
  }

  /** Income against an amount for each member: compared crosswise, never by a rounded quotient. */
  private perHead(): Saying {
    const { random } = this
    const line = random.chance(0.7) ? parameter(random.pick(this.named.amounts)) : this.yuan()
    const size = total('h', 'members', 'm', null, null)
    return compared(
      this.sign(),
      fact('h', 'income'),
      strict(`${line.text} * ${size.text}`, [line, size], (x: number, n: number) => x * n),
    )
  }

  private graded(variable: string, field: string, keys = ['A', 'B', 'C']): Saying {
    const { random } = this
    const of = fact(variable, field)
    const key = random.pick(keys)
    if (random.chance(0.5)) return compared(random.pick(['==', '!=']), of, constant(`"${key}"`, key))
    const chosen = keys.filter((k) => k === key || random.chance(0.4))
    return strict(`${of.text} in [${chosen.map((k) => `"${k}"`).join(', ')}]`, [of], (x: string) => chosen.includes(x))
  }

  private yuan(): Saying {
    const yuan = this.random.whole(0, 4000)
    return constant(`yuan(${yuan})`, yuan * 100)
  }

  private day(): Saying {
    const { random } = this
    const day = random.pick([20150131, 20150630, 20151231, 20160229])
    const plain = constant(`date("${printDate(day)}")`, day)
    if (random.chance(0.5)) return plain
    const months = random.whole(0, 14)
    return constant(`addMonths(${plain.text}, ${months}, "down")`, monthsLater(day, months))
  }

  private readonly sign = (): Sign => this.random.pick(signs)
}

/** Birthdays passed, counted on a calendar: a second way to the same number. */
function fullYears(at: number, birth: number): number {
  const [later, earlier] = [at, birth].map((d) => ({ year: Math.floor(d / 10000), day: d % 10000 })) as [Civil, Civil]
  const years = later.year - earlier.year
  if (years >= 1) return later.day < earlier.day ? years - 1 : years
  // Not born yet: years until birth, as negative full years.
  return years === 0 ? 0 : later.day > earlier.day ? years + 1 : years
}
interface Civil {
  year: number
  day: number
}

/** The same day some months later, or the last day of a month that is too short. */
function monthsLater(day: number, months: number): number {
  const [year, month] = [Math.floor(day / 10000), Math.floor(day / 100) % 100]
  const last = new Date(Date.UTC(year, month + months, 0))
  return last.getUTCFullYear() * 10000 + (last.getUTCMonth() + 1) * 100 + Math.min(day % 100, last.getUTCDate())
}

/** Rounded to the nearest, halves away from zero, by exact integers. */
function halfAway(x: number, n: number): number {
  const size = (2n * BigInt(Math.abs(x)) + BigInt(n)) / (2n * BigInt(n))
  return x < 0 ? -Number(size) + 0 : Number(size)
}
