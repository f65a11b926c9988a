import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { type Cells, type Comparison, type Move, moveNames, type Origin, type Tally, type Why } from './compare-contract.ts'
import { ordinal, type Standing, standings } from './standings.ts'
import { largestSize } from './tally.ts'
import type { Traits } from './traits.ts'
import { whyTitles } from './why-moved.ts'

interface CellRow extends Tally {
  from: number
  to: number
}

const nobody = (): Tally => ({ households: 0, persons_before: 0, persons_after: 0 })

/** The table of the whole population, and the moves that people ask for. */
export async function cellsOf(duck: Duck): Promise<{ cells: Cells; moves: Record<Move, Tally> }> {
  const rows = await duck.rows<CellRow>(
    `select verdict_a as "from", verdict_b as "to", sum(households)::bigint as households, sum(persons_a)::bigint as persons_before, sum(persons_b)::bigint as persons_after
     from tally group by all order by 1, 2`,
  )
  const cells: Cells = {}
  const moves = Object.fromEntries(moveNames.map((m) => [m, nobody()])) as Record<Move, Tally>
  for (const { from, to, ...tally } of rows) {
    const [x, y] = [standings[from]!, standings[to]!]
    cells[`${x}>${y}`] = tally
    for (const move of movesOf(x, y)) {
      moves[move].households += tally.households
      moves[move].persons_before += tally.persons_before
      moves[move].persons_after += tally.persons_after
    }
  }
  return { cells, moves }
}

/** The moves that a cell belongs to. A household that one run does not have has not entered or left anything. */
export function movesOf(from: Standing, to: Standing): Move[] {
  if (from === to) return []
  if (from === 'absent') return ['new_household']
  if (to === 'absent') return ['gone_household']
  const found: Move[] = []
  if (to === 'listed') found.push('entered')
  if (from === 'listed') found.push('left')
  if (to === 'vetoed') found.push('became_vetoed')
  if (from === 'vetoed') found.push('no_longer_vetoed')
  if (from === 'undecided') found.push('became_decidable')
  if (to === 'undecided') found.push('became_undecided')
  if (from === 'out_of_scope') found.push('into_scope')
  if (to === 'out_of_scope') found.push('out_of_scope')
  return found
}

/** Why households moved, with counts; the most frequent first. */
export async function reasonsOf(duck: Duck): Promise<Comparison['reasons']> {
  const rows = await duck.rows<{ why: Why; origin: Origin; households: number; persons: number }>(
    'select why, origin, count(*) as households, coalesce(sum(coalesce(persons_b, persons_a)), 0)::bigint as persons from move group by all order by 3 desc, 1, 2',
  )
  return rows.map((r) => ({ ...r, title: whyTitles[r.why] }))
}

/**
 * Makes `cell(dimension, code, zh, en, "from", "to", households, persons_before, persons_after)` for region, city, county, household size,
 * ethnic group of the head and poor village. Every dimension adds up to the whole.
 */
export async function cellTable(duck: Duck, region: string, traits: Traits): Promise<void> {
  const divisions = readDivisions()
  const name = (code: string): string => (divisions.find(code.length === 4 ? `${code}00` : code) ?? divisions.find(code))?.name ?? code
  const codes = await duck.rows<{ county: number }>('select distinct county from tally order by 1')
  const area = (code: string): [string, Text] => [code, { zh: name(code), en: name(code) }]
  const unknown: Text = { zh: '不详', en: 'not known' }
  const dimensions: { name: string; key: string; words: [string, Text][] }[] = [
    { name: 'region', key: quoteText(region), words: [area(region)] },
    { name: 'city', key: '(county // 100)::varchar', words: [...new Set(codes.map((c) => String(c.county).slice(0, 4)))].map(area) },
    { name: 'county', key: 'county::varchar', words: codes.map((c) => area(String(c.county))) },
    { name: 'size', key: `coalesce(size, 0)::varchar`, words: sizes(unknown) },
    {
      name: 'ethnic',
      key: `coalesce(ethnic, 0)::varchar`,
      words: [['0', unknown], ...traits.ethnic.map((w, i): [string, Text] => [String(i + 1), w])],
    },
    {
      name: 'poor_village',
      key: `coalesce(poor, 2)::varchar`,
      words: [
        ['1', { zh: '贫困村', en: 'poor village' }],
        ['0', { zh: '非贫困村', en: 'other village' }],
        ['2', unknown],
      ],
    },
  ]
  const kept = dimensions.filter((d) => (d.name === 'ethnic' ? traits.ethnic.length > 0 : d.name === 'poor_village' ? traits.poor : true))
  await duck.run('create or replace temp table _word (dimension varchar, code varchar, zh varchar, en varchar)')
  const words = kept.flatMap((d) => d.words.map(([code, t]) => `(${[d.name, code, t.zh, t.en].map(quoteText).join(', ')})`))
  await duck.run(`insert into _word values ${words.join(', ')}`)
  const sums = 'sum(households)::bigint as households, sum(persons_a)::bigint as persons_before, sum(persons_b)::bigint as persons_after'
  await duck.run(`create or replace table cell as select d.dimension, d.code, coalesce(w.zh, d.code) as zh, coalesce(w.en, d.code) as en, d.* exclude (dimension, code) from (
      ${kept.map((d, i) => `select ${i} as n, ${quoteText(d.name)} as dimension, ${d.key} as code, verdict_a, verdict_b, ${sums} from tally group by all`).join('\n      union all ')}
    ) d left join _word w on w.dimension = d.dimension and w.code = d.code
    order by n, try_cast(d.code as bigint), verdict_a, verdict_b`)
  await duck.run('drop table _word')
}

function sizes(unknown: Text): [string, Text][] {
  const plain = Array.from({ length: largestSize - 1 }, (_, i): [string, Text] => [
    String(i + 1),
    { zh: `${i + 1}人户`, en: i === 0 ? '1 person' : `${i + 1} persons` },
  ])
  return [...plain, [String(largestSize), { zh: `${largestSize}人及以上户`, en: `${largestSize} persons or more` }], ['0', unknown]]
}

/**
 * The cells of every dimension must add up to the households and persons of both runs.
 * @throws Problem `compare.sums` where they do not: then no result may be written.
 */
export async function mustAddUp(
  duck: Duck,
  before: { households: number; persons: number },
  after: { households: number; persons: number },
): Promise<void> {
  const rows = await duck.rows<{ dimension: string; hb: number; ha: number; pb: number; pa: number }>(
    `select dimension, coalesce(sum(households) filter (where verdict_a <> ${ordinal('absent')}), 0)::bigint as hb, coalesce(sum(households) filter (where verdict_b <> ${ordinal('absent')}), 0)::bigint as ha,
       sum(persons_before)::bigint as pb, sum(persons_after)::bigint as pa from cell group by 1`,
  )
  const wrong = rows.filter(
    (r) => r.hb !== before.households || r.ha !== after.households || r.pb !== before.persons || r.pa !== after.persons,
  )
  if (wrong.length > 0 || (rows.length === 0 && before.households + after.households > 0))
    throw new Problem('compare.sums', {
      zh: `比较表加起来与总数不符（${wrong.map((r) => `${r.dimension}：${r.hb}/${r.ha} 户`).join('；')}；应为 ${before.households}/${after.households} 户）。没有写出结果：清单或记录被改动过，或程序有错。`,
      en: `The cells do not add up to both populations (${wrong.map((r) => `${r.dimension}: ${r.hb}/${r.ha} households`).join('; ')}; expected ${before.households}/${after.households}). Nothing was written: a list or a record was changed, or the program is wrong.`,
    })
}
