import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { madeUpNote } from '@fupin/whom/identification/write-results.ts'
import { runList } from '@fupin/whom/run/open-part.ts'
import type { LineMove } from './compare-contract.ts'
import type { SomeRun } from './pair-runs.ts'
import { wordSql } from './standings.ts'
import { sentenceSql, whyTitles } from './why-moved.ts'

export type TableFormat = 'parquet' | 'csv' | 'xlsx'

/** Lets `write` fill a folder beside `out`; its files move in when all are there, the record last. A failure leaves `out` as it was. */
export async function wholeResult(out: string, record: string, write: (folder: string) => Promise<object>): Promise<void> {
  const growing = `${resolve(out)}.unfinished`
  await rm(growing, { recursive: true, force: true })
  await mkdir(growing, { recursive: true })
  try {
    const said = await write(growing)
    await writeFile(join(growing, record), `${JSON.stringify(said, null, 1)}\n`)
    await mkdir(out, { recursive: true })
    await rm(join(out, record), { force: true })
    for (const name of (await readdir(growing)).sort((x, y) => Number(x === record) - Number(y === record))) {
      await rm(join(out, name), { recursive: true, force: true })
      await rename(join(growing, name), join(out, name))
    }
  } finally {
    await rm(growing, { recursive: true, force: true })
  }
}

interface Written {
  folder: string
  formats: readonly TableFormat[]
  madeUp: boolean
}

async function table(duck: Duck, name: string, sql: string, { folder, formats, madeUp }: Written): Promise<void> {
  for (const format of formats) await writeTable(duck, sql, join(folder, `${name}.${format}`), madeUp ? { note: madeUpNote } : {})
}

/** Writes `cells`: the table of verdicts for every area and group. */
export const writeCells = (duck: Duck, to: Written): Promise<void> =>
  table(
    duck,
    'cells',
    `select dimension, code, zh, en, ${wordSql('verdict_a')} as "from", ${wordSql('verdict_b')} as "to", households, persons_before, persons_after from cell`,
    to,
  )

/** Writes `lines`: quota and line of every county, before and after. */
export async function writeLines(duck: Duck, lines: readonly LineMove[], to: Written): Promise<void> {
  await duck.run(`create or replace temp table _line (county_code varchar, name varchar, quota_before bigint, quota_after bigint, line_before integer, low_before integer, high_before integer,
    line_after integer, low_after integer, high_after integer)`)
  const rows = lines.map(
    (l) =>
      `(${quoteText(l.county)}, ${quoteText(l.name)}, ${[l.quota.before, l.quota.after, l.before.line, l.before.low, l.before.high, l.after.line, l.after.low, l.after.high].map((n) => n ?? 'null').join(', ')})`,
  )
  if (rows.length) await duck.run(`insert into _line values ${rows.join(', ')}`)
  await table(duck, 'lines', 'from _line order by county_code', to)
}

/**
 * Writes `moves`: every household that stands elsewhere, with both standings and the reason as code and sentence. `vetoes` are the titles
 * of the vetoes by bit. Names come from the later run, those of households that are gone from the earlier one.
 */
export async function writeMoves(
  duck: Duck,
  a: SomeRun,
  b: SomeRun,
  vetoes: readonly { id: string; title: Text }[],
  to: Written,
): Promise<void> {
  const named = (run: SomeRun, key: string, where: string): string =>
    `select m.*, l.county_code, l.township_code, l.village_code, l.hamlet, l.household_id, l.head_name from (select * from move where ${where}) m
      join (select _key, county_code, township_code, village_code, hamlet, household_id, head_name from ${runList(run)}) l on l._key = m.${key}`
  await duck.run(`create or replace table named as ${named(b, 'key_b', 'key_b is not null')}`)
  const gone = (await duck.one<{ n: number }>('select count(*) as n from move where key_b is null'))!.n
  if (gone > 0) await duck.run(`insert into named ${named(a, 'key_a', 'key_b is null')}`)
  const ids = (bits: string): string =>
    `concat_ws(';', ${vetoes.map((v, i) => `case when ${bits} & ${2 ** i} <> 0 then ${quoteText(v.id)} end`).join(', ') || "''"})`
  const side = (x: 'a' | 'b', word: string): string =>
    `${wordSql(`verdict_${x}`)} as ${word}, score_${x} as score_${word}, least_${x} as least_${word}, most_${x} as most_${word}, low_${x} as low_${word}, high_${x} as high_${word}, ${ids(`vetoes_${x}`)} as vetoes_${word}, ${ids(`open_${x}`)} as open_vetoes_${word}`
  const titles = vetoes.map((v) => v.title)
  const titleOf = (language: 'zh' | 'en'): string =>
    `case why ${Object.entries(whyTitles)
      .map(([code, t]) => `when '${code}' then ${quoteText(t[language])}`)
      .join(' ')} end`
  await table(
    duck,
    'moves',
    `select county_code, township_code, village_code, hamlet, household_id, head_name, coalesce(persons_b, persons_a) as persons, ${side('a', 'before')}, ${side('b', 'after')},
      why, origin, ${titleOf('zh')} as why_zh, ${titleOf('en')} as why_en, ${sentenceSql('zh', titles)} as reason_zh, ${sentenceSql('en', titles)} as reason_en
    from named order by coalesce(key_b, key_a)`,
    to,
  )
}
