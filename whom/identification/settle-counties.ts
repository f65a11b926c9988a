import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { finding } from '@fupin/platform/problems/finding.ts'
import { addFindings } from '@fupin/platform/problems/finding-table.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'

/**
 * Puts households without a county code under the place at the root of the book, so that none is lost: a survey without any codes is one
 * area with one line; where other households have a code, a missing one is a finding. Gives the codes of all counties, sorted.
 */
export async function settleCounties(duck: Duck, book: Book, file: string): Promise<string[]> {
  const counts = (await duck.one<{ all: number; without: number }>(
    'select count(*) as "all", count(*) filter (where county_code is null) as without from household',
  ))!
  if (counts.all === 0)
    await addFindings(duck, [
      finding({
        file,
        code: 'no_rows',
        zh: '没有一户可以评：表是空的，或各行都有错。请看其他发现，改正后再交。',
        en: 'There is no household to assess: the table is empty, or every row has an error. See the other findings and send it again.',
      }),
    ])
  if (counts.without > 0 && counts.without < counts.all)
    await duck.run(`insert into finding select ${quoteText(file)}, null, null, 'county_code', null, 'no_county', 'error',
      '没有县代码，不能归到任何县的分数线；暂归规则簿的根地区。请补上县代码。',
      'No county code, so the household belongs to no county’s line; it is held under the root place of the book. Add the code.', household_id
      from household where county_code is null order by _key`)
  if (counts.without > 0) await duck.run(`update household set county_code = ${quoteText(book.root)} where county_code is null`)
  const codes = await duck.rows<{ code: string }>('select distinct county_code as code from household order by 1')
  return codes.map((c) => c.code)
}
