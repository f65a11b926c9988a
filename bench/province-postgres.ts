import { chmod, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { Postgres } from '@fupin/platform/database/postgres.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Node } from '@fupin/rulebook/engine/ir.ts'
import { postgres } from '@fupin/rulebook/engine/sql/dialect.ts'
import { compileSelect, type Output } from '@fupin/rulebook/engine/sql/select.ts'
import { columnType, fieldsRead } from '@fupin/rulebook/shelf/fact-tables.ts'
import { rulesByCounty } from '@fupin/whom/identification/county-rules.ts'
import { drawEveryWay, type ScoreCount } from '@fupin/whom/identification/identification.rules.ts'
import { verdictSql } from '@fupin/whom/identification/verdict-sql.ts'
import { runList } from '@fupin/whom/run/open-part.ts'
import { listsRead, rootsOf } from '@fupin/whom/run/relevant-records.ts'
import { runSnapshot } from '@fupin/whom/run/run-snapshot.ts'
import { partsSql } from '@fupin/whom/snapshot/open-snapshot.ts'
import type { Measured } from './measured.ts'
import { provinceOf } from './province.ts'

const seed = 1

/** The same job in PostgreSQL beside ours, at a tenth of the province: comparison, scores, vetoes, lines, verdicts. Loading is not counted. */
export async function besidePostgres(book: Book, households: number): Promise<Measured[]> {
  const { snapshot, folder, quota } = await provinceOf(book, households)
  const { counties, departments, across } = snapshot.manifest
  const groups = rulesByCounty(
    book,
    book.identify!.scorecard,
    counties.map((c) => c.code),
    book.referenceDate,
  )
  const { scorecard } = groups[0]!
  if (groups.length > 1) throw new Error('this bench writes one statement; the book has several groups of counties')
  const score = scorecard.score!
  const line = Object.values(score.lines)[0]!
  const level = scorecard.definition.level
  const read = fieldsRead(book.dictionary, level, rootsOf(scorecard))
  const lists = listsRead(book, groups)
  const dictionary = book.dictionary

  const duck = await Duck.open()
  const server = await Postgres.open()
  const files = join(tmpdir(), `fupin-bench-${process.pid}`)
  await mkdir(files, { recursive: true })
  await chmod(files, 0o755)
  try {
    await server.run("set work_mem = '1GB'; set maintenance_work_mem = '1GB'; set max_parallel_workers_per_gather = 2")
    /** Copies a question's rows into a table of the server; not counted. */
    const load = async (table: string, columns: [string, string, string][], from: string): Promise<void> => {
      const file = join(files, `${table}.csv`)
      await duck.run(
        `copy (select ${columns.map(([name, , sql]) => `${sql} as ${quoteName(name)}`).join(', ')} from ${from}) to ${quoteText(file)} (format csv, header false)`,
      )
      await server.run(
        `create unlogged table ${quoteName(table)} (${columns.map(([name, type]) => `${quoteName(name)} ${type}`).join(', ')})`,
      )
      await server.run(`copy ${quoteName(table)} from ${quoteText(file)} with (format csv); analyze ${quoteName(table)}`)
      await rm(file)
    }
    const own = (entity: string): [string, string, string][] =>
      (read.get(entity)?.fields ?? []).map((f) => [f, columnType(dictionary.entities[entity]!.fields[f]!), quoteName(f)])
    const key = (name: string): [string, string, string] => [
      name,
      'bigint',
      name === 'name_key' ? '(name_key::hugeint - 9223372036854775808)::bigint' : name,
    ]
    const known = Object.values(dictionary.entities[level]!.lists).map((l): [string, string, string] => [
      `${l.name}_known`,
      'boolean',
      l.department ? String(departments.find((d) => d.list === l.name)?.receipt.state === 'compared') : quoteName(`${l.name}_known`),
    ])
    await load(
      'household',
      [key('_key'), ['county_code', 'text', 'county_code'], ...own(level), ...known],
      partsSql(
        snapshot,
        counties.map((c) => c.parts.household),
      ),
    )
    await load(
      'member',
      [key('_parent'), key('id17'), key('name_key'), ...own('member')],
      partsSql(
        snapshot,
        counties.map((c) => c.parts.member),
      ),
    )
    for (const list of lists)
      await load(
        `record_${list.list}`,
        [key('id17'), key('name_key'), ...own(list.entity)],
        partsSql(snapshot, [departments.find((d) => d.list === list.list)!.parts.record!]),
      )
    await load('claimed', [key('id17')], `(select distinct id17 from ${partsSql(snapshot, [across.claimed!])})`)

    const begun = performance.now()
    for (const list of lists) {
      const facts = list.fields
        .map((f) => `, case when other or twice then null else ${quoteName(f.name)} end as ${quoteName(f.name)}`)
        .join('')
      await server.run(`create unlogged table ${quoteName(list.entity)} as
        select _parent${facts} from (select m._parent, coalesce(e1.name_key <> m.name_key, false) as other, c.id17 is not null as twice, coalesce(${list.relevant}, true) as relevant${list.fields.map((f) => `, e1.${quoteName(f.name)}`).join('')}
          from ${quoteName(`record_${list.list}`)} e1 join member m using (id17) left join claimed c using (id17)) x where relevant or other or twice
        union all select _parent${list.fields.map((f) => `, null::${columnType(f)}`).join('')} from member where id17 is null;
        analyze ${quoteName(list.entity)}`)
    }
    const matched = performance.now()
    const statement = (outputs: Output[], stages: Node[]): string =>
      compileSelect(dictionary, level, outputs, stages, postgres, { table: quoteName, carry: ['county_code'] }).sql
    const value = (name: string, node: Node): Output => ({ name, node, missing: false })
    const items = [...new Set(score.items.map((item) => Object.values(item.item!.lines)[0]!.node))]
    const points = [value('score', line.total), value('known', line.known), value('least', line.least), value('most', line.most)]
    const conditions = [
      ...(score.persons ? [value('persons', score.persons)] : []),
      ...(score.scope ? [value('in_scope', score.scope)] : []),
      ...score.vetoes.map((v, i) => value(`v${i}`, v.node)),
    ]
    await server.run(`create unlogged table points as ${statement(points, items)}`)
    await server.run(`create unlogged table conditions as ${statement(conditions, [])}`)
    const any = score.vetoes.map((_, i) => `v${i}`).join(' or ')
    await server.run(`create unlogged table scored as select p.*, c.persons, coalesce(${any}, false) as proven, (${score.scope ? 'in_scope is not null and not in_scope' : 'false'}) as outside, ((${any}) is null ${score.scope ? 'or in_scope is null' : ''}) as doubtful
      from points p join conditions c using (_key)`)
    const scored = performance.now()
    await server.run('create unlogged table line (county_code text, low integer, high integer)')
    const counted = await server.rows(
      ['known', 'least', 'most']
        .map(
          (k) =>
            `select county_code as county, '${k}' as kind, doubtful, ${k}::integer as score, count(*) as households, sum(persons)::bigint as persons from scored where not proven and not outside group by 1, 2, 3, 4`,
        )
        .join(' union all '),
    )
    const quotas = new Map(
      (
        await duck.rows<{ county_code: string; persons: number }>(`from read_csv(${quoteText(quota)}, types = {county_code: 'varchar'})`)
      ).map((q) => [q.county_code, q.persons]),
    )
    for (const { code } of counties) {
      const pick = (kind: string, doubtful: boolean): ScoreCount[] =>
        counted.filter((r) => r.county === code && r.kind === kind && r.doubtful === doubtful) as unknown as ScoreCount[]
      const tables = Object.fromEntries(['known', 'least', 'most'].map((k) => [k, { certain: pick(k, false), doubtful: pick(k, true) }]))
      const drawn = drawEveryWay(
        tables as Parameters<typeof drawEveryWay>[0],
        quotas.get(code) ?? 0,
        score.body.direction,
        score.body.line?.tie ?? 'lower',
      )
      const [low, high] = [drawn.line ?? drawn.interval?.low ?? null, drawn.line ?? drawn.interval?.high ?? null]
      await server.run(`insert into line values ('${code}', ${low}, ${high})`)
    }
    await server.run(
      `create unlogged table listed as select t._key, t.persons, t.score, t.known, t.least, t.most, ${verdictSql(score.body.direction)} as verdict from scored t left join line l using (county_code)`,
    )
    const theirs = (performance.now() - begun) / 1000

    const out = join(folder, 'beside')
    await rm(out, { recursive: true, force: true })
    const record = await runSnapshot({ book, snapshot: snapshot.folder, quota, out })
    const ours = await duck.rows<{ verdict: string; n: number; sum: number }>(
      `select verdict, count(*) as n, sum(least)::bigint as sum from ${runList({ folder: out, record })} group by 1 order by 1`,
    )
    const other = (await server.rows(
      'select verdict, count(*) as n, sum(least)::bigint as sum from listed group by 1 order by 1',
    )) as typeof ours
    if (JSON.stringify(ours) !== JSON.stringify(other))
      throw new Error(`the two disagree: ${JSON.stringify(ours)} against ${JSON.stringify(other)}`)
    const rival = `PostgreSQL ${theirs.toFixed(1)} s (compare ${((matched - begun) / 1000).toFixed(1)}, score ${((scored - matched) / 1000).toFixed(1)}), the same verdicts`
    return [
      {
        id: 'P3',
        question: `PostgreSQL's time against ours in the same run, ${households} households`,
        value: theirs / record.seconds,
        unit: 'x',
        aim: 5,
        better: 'more',
        rival,
        seed,
      },
      { id: 'P3-ours', question: 'ours beside it', value: record.seconds, unit: 's', seed },
    ]
  } finally {
    duck.close()
    await server.close()
    await rm(files, { recursive: true, force: true })
  }
}
