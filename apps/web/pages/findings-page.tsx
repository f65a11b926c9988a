import { Nothing } from '@fupin/platform/ui/nothing.tsx'
import { count } from '@fupin/platform/ui/numbers.ts'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { State, Unknown } from '@fupin/platform/ui/state.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { FindingLine, FindingPage } from '@fupin/whom/identification/identification.contract.ts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import type { FindingSearch } from '../routes.tsx'
import { Answer } from '../shell/answer.tsx'
import { ExportMenu } from '../shell/export-menu.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { askFindings } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

const files = ['findings.xlsx', 'findings.csv', 'findings.parquet']

/** What is wrong in the tables that came in: by kind, then row by row with what to do. */
export function FindingsPage() {
  const { w } = useWords()
  const { start = '1', ...search }: FindingSearch = useSearch({ from: '/office/findings' })
  const navigate = useNavigate()
  const go = (next: FindingSearch) => void navigate({ to: '/findings', search: next, resetScroll: false })
  const answer = useQuery({ ...askFindings(search as Record<string, string>), placeholderData: keepPreviousData })
  return (
    <>
      <PageHead title={w.findings.title} deeds={<ExportMenu files={files} />} />
      <p className="intro">{w.findings.intro}</p>
      <Segmented
        aria-label={w.findings.kinds}
        value={search.severity ?? 'all'}
        onChange={(severity) => go(severity === 'all' ? {} : { severity })}
        options={[
          { value: 'all', label: w.allOfThem },
          { value: 'error', label: w.findings.severity.error },
          { value: 'doubt', label: w.findings.severity.doubt },
        ]}
      />
      <Answer of={answer} rows={12}>
        {(page) => (
          <>
            <Kinds page={page} search={search} go={go} />
            <p role="status" className="list-counts">
              <span>
                {w.findings.all(page.total)} · {w.findings.severity.error} {count(page.errors)} · {w.findings.severity.doubt}{' '}
                {count(page.doubts)}
              </span>
              <span className="pager">
                <Button
                  aria-label={w.list.previous}
                  disabled={page.previous === null}
                  onClick={() => go({ ...search, after: page.previous ?? undefined, start: String(Math.max(1, Number(start) - 50)) })}
                >
                  ‹
                </Button>
                <Button
                  aria-label={w.list.next}
                  disabled={page.next === null}
                  onClick={() => go({ ...search, after: page.next ?? undefined, start: String(Number(start) + page.rows.length) })}
                >
                  ›
                </Button>
              </span>
            </p>
            {page.rows.length ? <Rows rows={page.rows} /> : <Nothing>{w.findings.none}</Nothing>}
          </>
        )}
      </Answer>
    </>
  )
}

function Kinds({ page, search, go }: { page: FindingPage; search: FindingSearch; go: (next: FindingSearch) => void }) {
  const { w, say } = useWords()
  const kinds = page.kinds.filter((kind) => !search.severity || kind.severity === search.severity)
  if (!kinds.length) return null
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{w.findings.kinds}</h2>
        {search.code && <Button onClick={() => go({ severity: search.severity })}>{w.findings.every}</Button>}
      </div>
      <ul className="kinds">
        {kinds.map((kind) => (
          <li key={kind.code + kind.severity}>
            <Severity of={kind.severity} />
            <span>
              {kind.count > 1 && <span className="note">{w.findings.example}</span>}
              {say(kind.text)}
            </span>
            <Button
              type="link"
              aria-pressed={search.code === kind.code}
              aria-label={`${w.findings.only} ${say(kind.text)} ${count(kind.count)}`}
              onClick={() => go({ severity: search.severity, code: kind.code })}
            >
              {count(kind.count)}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Rows({ rows }: { rows: FindingLine[] }) {
  const { w, say } = useWords()
  const { elder } = usePreferences().preferences
  const cards = useNarrow() || elder
  const where = (row: FindingLine) =>
    [row.file, row.sheet, row.row === null ? w.findings.wholeFile : w.findings.row(row.row)].filter(Boolean).join(' · ')
  const household = (row: FindingLine) =>
    row.household ? (
      <Link to="/households/$id" params={{ id: row.household }} className="code">
        {row.household}
      </Link>
    ) : (
      <span className="note">{w.findings.noHousehold}</span>
    )
  const value = (row: FindingLine) =>
    row.value === null || row.value === '' ? <Unknown word={w.findings.empty} /> : <span className="code">{row.value}</span>
  return (
    <RecordList
      label={w.findings.title}
      rows={rows.map((row, index) => ({ ...row, index }))}
      id={(row) => String(row.index)}
      asCards={cards}
      card={(row) => (
        <>
          <div className="card-head">
            <Severity of={row.severity} />
            {row.household && household(row)}
          </div>
          <div>{say(row.text)}</div>
          <div className="note">
            {where(row)} {row.column && <span className="code">{row.column}</span>} {row.value && <span className="code">{row.value}</span>}
          </div>
        </>
      )}
      columns={[
        { key: 'severity', title: w.run.state, show: (row) => <Severity of={row.severity} /> },
        { key: 'place', title: w.findings.place, show: where },
        { key: 'column', title: w.findings.column, show: (row) => <span className="code">{row.column ?? w.findings.wholeFile}</span> },
        { key: 'value', title: w.findings.value, show: value },
        { key: 'text', title: w.findings.what, long: true, show: (row) => say(row.text) },
        { key: 'household', title: w.findings.household, show: household },
      ]}
    />
  )
}

function Severity({ of }: { of: FindingLine['severity'] }) {
  const { w } = useWords()
  return <State tone={of === 'error' ? 'wrong' : 'check'} word={w.findings.severity[of]} />
}
