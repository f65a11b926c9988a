import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Compiler } from '@fupin/rulebook/engine/compile/compiler.ts'
import { Findings } from '@fupin/rulebook/engine/finding.ts'
import { loadBook } from '@fupin/rulebook/engine/load/load-book.ts'
import { duckdb, ident } from '@fupin/rulebook/engine/sql/dialect.ts'
import { compileSelect } from '@fupin/rulebook/engine/sql/select.ts'
import { booksFolder, openBook } from '@fupin/rulebook/shelf/open-book.ts'
import type { Measured } from '../measured.ts'

const villages = Number(process.env.VILLAGES ?? 2800)
const each = 349
const seed = 8
/** Shares of households whose register state, exit or members are not known: together 2.3 of 349, as in the study's villages. */
const gaps = { in_register: 0.0022, exited: 0.0022, members: 0.0022 }

/** The exit line of the documents, three in a hundred, over the counts of the book: a rule of the bench, not of the book. */
const rule = `rule: bench.incidence
kind: standard
level: village
title: {zh: 贫困发生率低于3%, en: poverty rate below 3 %}
covers: []
clock: assessment_date
versions:
- from: 2014-01-01
  cite: {doc: gx-plan-135, at: 第二章第三节}
  confidence: OFF
  unknown: bounds
  all_of:
  - {id: rate, title: {zh: 低于3%, en: below 3 %}, when: 'rule("rate.poor_persons") * 100 < rule("rate.persons") * 3'}
`

interface Told {
  decided: boolean | null
  poor: number | null
  persons: number | null
  naive: boolean
  truth: boolean
}

/** "Poverty rate below 3 %" over made-up villages, 2.3 of 349 households in each with a gap. */
export async function villagesWithGaps(): Promise<Measured[]> {
  const { files } = await openBook(`${booksFolder}fupin`)
  const { book } = loadBook([...files, { path: '450000-guangxi/rules/bench.yaml', text: rule }])
  const findings = new Findings()
  const compiler = new Compiler(book!, book!.root, { at: 20171110 }, findings)
  const at = { file: 'bench', line: 1, column: 1, length: 1 }
  const [incidence, poor, persons] = ['bench.incidence', 'rate.poor_persons', 'rate.persons'].map((id) => compiler.rule(id, at)!)
  if (findings.all.length) throw new Error(findings.all.map((f) => f.en).join('\n'))
  const duck = await Duck.open()
  try {
    await makeVillages(duck)
    const outputs = [
      { name: 'decided', node: incidence!.node, missing: false },
      { name: 'poor', node: poor!.node, missing: false },
      { name: 'persons', node: persons!.node, missing: false },
    ]
    const { sql } = compileSelect(book!.dictionary, 'village', outputs, [], duckdb, { table: ident })
    const told = await duck.rows<Told>(
      `with plain as (
         select h._parent as v, coalesce(sum(m.persons) filter (where h.in_register and not h.exited), 0) * 100 < sum(m.persons) * 3 as naive
         from household h left join (select _parent, count(*) as persons from member group by 1) m on m._parent = h._key group by 1),
       whole as (
         select h._parent as v, coalesce(sum(size) filter (where poor_really), 0) * 100 < sum(size) * 3 as truth from whole_household h group by 1)
       select q.decided, q.poor, q.persons, plain.naive, whole.truth from (${sql}) q join plain on plain.v = q._key join whole on whole.v = q._key`,
    )
    const count = (of: (t: Told) => boolean): number => told.filter(of).length
    const open = count((t) => t.decided === null)
    const strict = count((t) => t.poor === null || t.persons === null)
    const contradicted = count((t) => t.decided !== null && t.decided !== t.truth)
    const passed = count((t) => t.naive && t.decided !== true)
    const falsely = count((t) => t.naive && !t.truth)
    const what = `${villages} made-up villages of ${each} households, 2.3 of them with a gap: "poverty rate below 3 %"`
    const share = (n: number): number => (100 * n) / villages
    return [
      {
        id: 'B8',
        question: `${what}: undecided by bounds`,
        value: share(open),
        unit: '%',
        aim: 5,
        rival: `strict ${share(strict).toFixed(1)} %`,
        seed,
      },
      { id: 'B8', question: `${what}: decided by bounds against the whole facts`, value: contradicted, unit: 'villages', aim: 0, seed },
      {
        id: 'B8',
        question: `${what}: passed by plain SQL that nobody may pass yet`,
        value: passed,
        unit: 'villages',
        rival: `${falsely} of them are above 3 % in truth`,
        seed,
      },
    ]
  } finally {
    duck.close()
  }
}

/** Villages with rates from nothing to 12 %, households of one to eight, and gaps that a seeded hash chooses. */
async function makeVillages(duck: Duck): Promise<void> {
  const draw = (what: string): string => `(hash(k, '${what}', ${seed}) % 1000000) / 1000000.0`
  await duck.run(`create table village as select i as _key, true as households_known from range(${villages}) t(i)`)
  await duck.run(`create table whole_household as
    select v * ${each} + i as _key, v as _parent, (hash(v * ${each} + i, 'size', ${seed}) % 8 + 1)::bigint as size,
      (hash(v * ${each} + i, 'poor', ${seed}) % 1000000) / 1000000.0 < power((hash(v, 'rate', ${seed}) % 1000) / 1000.0, 2) * 0.12 as poor_really
    from range(${villages}) a(v), range(${each}) b(i)`)
  await duck.run(`create table household as select _key, _parent,
      case when ${draw('register gap')} < ${gaps.in_register} then null else poor_really or ${draw('left')} < 0.1 end as in_register,
      case when ${draw('exit gap')} < ${gaps.exited} then null else not poor_really end as exited,
      ${draw('member gap')} >= ${gaps.members} as members_known
    from (select *, _key as k from whole_household)`)
  await duck.run(`create table member as select row_number() over () as _key, w._key as _parent
    from whole_household w join household h using (_key), unnest(range(w.size)) where h.members_known`)
}
