import { PopMenu } from '@fupin/platform/ui/pop-menu.tsx'
import type { AreaFigures } from '@fupin/whom/run/web/region.contract.ts'
import { address } from '../wire/ask.ts'
import { useWords } from '../words/use-words.ts'

type Table = 'areas' | 'counties' | 'lines' | 'score_table'
const formats = ['xlsx', 'csv', 'parquet']

/** The region's tables, or those of one area, as files. */
export function RegionExport({ area, tables = ['areas', 'counties'] }: { area?: AreaFigures; tables?: Table[] }) {
  const { w } = useWords()
  const own = area && area.level !== 'region' ? area.code : undefined
  const wanted = tables.filter((table) => table !== 'counties' || area?.level === 'region' || area?.level === 'city' || !area)
  return (
    <PopMenu label={w.exports}>
      {wanted.map((table) => (
        <div key={table} className="export-group">
          <span>{w.region.files[table]}</span>
          {formats.map((format) => (
            <a key={format} href={`/api/region/export/${table}.${format}${address({ area: own })}`} download={`${table}.${format}`}>
              {format}
            </a>
          ))}
        </div>
      ))}
    </PopMenu>
  )
}
