import { existsSync } from 'node:fs'
import { copyFile, link, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { sha256 } from '@fupin/rulebook/engine/hash.ts'
import type { Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { factColumn, matchLists } from './match-lists.ts'
import type { ListRead } from './relevant-records.ts'
import type { RunFolder } from './run-folder.ts'

const keysFile = 'hit/keys.json'

/**
 * Compares the departments' lists with the members and keeps `hit/<list>.parquet` (`household`, `member_no`, `_row`, `doubt`, facts that rules
 * read; in order of household). A list that stands already, from this run or an earlier one with the same inputs, is not compared again.
 * Gives for each list the digest of what its hits were made from.
 */
export async function keepHits(
  duck: Duck,
  snapshot: Snapshot,
  lists: readonly ListRead[],
  folder: RunFolder,
  earlier: string | null,
): Promise<Record<string, string>> {
  const keys = Object.fromEntries(lists.map((list) => [list.list, hitKey(snapshot, list)]))
  const old = earlier === null ? {} : await readKeys(join(earlier, keysFile))
  const open: ListRead[] = []
  for (const list of lists) {
    const name = `hit/${list.list}.parquet`
    if (folder.has(name)) continue
    if (earlier !== null && old[list.list] === keys[list.list] && existsSync(join(earlier, name)))
      await folder.whole(name, (growing) => link(join(earlier, name), growing).catch(() => copyFile(join(earlier, name), growing)))
    else open.push(list)
  }
  if (open.length) {
    await matchLists(duck, snapshot, open)
    for (const [i, list] of open.entries()) {
      const facts = list.fields.map((f) => `, ${factColumn(list, f)} as ${quoteName(f.name)}`).join('')
      await folder.whole(`hit/${list.list}.parquet`, (growing) =>
        duck.run(
          `copy (select household, member_no, _row, doubt${facts} from hits where list = ${i} order by household, _row, member_no) to ${quoteText(growing)} (format parquet)`,
        ),
      )
    }
    await duck.run('drop table hits')
  }
  await folder.note(keysFile, keys)
  return keys
}

async function readKeys(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null ? {} : (JSON.parse(text) as Record<string, string>)
}

function hitKey(snapshot: Snapshot, list: ListRead): string {
  const { counties, departments, across } = snapshot.manifest
  return sha256(
    JSON.stringify([
      departments.find((d) => d.list === list.list)?.parts.record?.sha256 ?? null,
      counties.map((c) => c.parts.member?.sha256 ?? null),
      across.claimed?.sha256 ?? null,
      list.relevant,
      list.fields.map((f) => [f.name, f.type]),
    ]),
  )
}
