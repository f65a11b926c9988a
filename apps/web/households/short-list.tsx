import { Nothing } from '@fupin/platform/ui/nothing.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { HouseholdPage } from '@fupin/whom/identification/identification.contract.ts'
import { usePreferences } from '../shell/preferences.ts'
import { useWords } from '../words/use-words.ts'
import { HouseholdCard, useHouseholdColumns } from './columns.tsx'
import { rememberList } from './list-memory.ts'

const shown = ['id', 'name', 'place', 'persons', 'score', 'verdict', 'missing', 'reason']

/** The first households of a list inside another page. */
export function ShortList({ page, search, label }: { page: HouseholdPage; search: Record<string, string | undefined>; label: string }) {
  const { w } = useWords()
  const { elder } = usePreferences().preferences
  const cards = useNarrow() || elder
  const remember = () => rememberList(page, search, 1)
  const columns = useHouseholdColumns(remember)
  if (!page.rows.length) return <Nothing>{w.list.none}</Nothing>
  return (
    <RecordList
      label={label}
      density="dense"
      rows={page.rows}
      id={(row) => row.id}
      columns={columns.filter((column) => shown.includes(column.key)).map(({ sort: _unsorted, ...column }) => column)}
      asCards={cards}
      card={(row) => <HouseholdCard row={row} onOpen={remember} />}
    />
  )
}
