import { useKeys } from '@fupin/platform/ui/keys.ts'
import { Nothing } from '@fupin/platform/ui/nothing.tsx'
import type { HouseholdFile } from '@fupin/whom/identification/identification.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { Facts } from '../household/facts.tsx'
import { Findings } from '../household/findings.tsx'
import { Hits } from '../household/hits.tsx'
import { Members } from '../household/members.tsx'
import { place } from '../households/columns.tsx'
import { neighbour, rememberedList } from '../households/list-memory.ts'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { scoreRange, VerdictState } from '../shell/verdict.tsx'
import { WhyOf } from '../why/why-of.tsx'
import { askHousehold } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** Everything about one family on one page, the reasons first. */
export function HouseholdPage() {
  const { id } = useParams({ from: '/office/households/$id' })
  const { w } = useWords()
  const navigate = useNavigate()
  const answer = useQuery(askHousehold(id))
  const list = rememberedList()
  const at = list?.ids.indexOf(id) ?? -1
  const walk = (by: 1 | -1) =>
    void neighbour(id, by).then((beside) => {
      if (beside) void navigate({ to: '/households/$id', params: { id: beside } })
    })
  useKeys({
    '[': () => walk(-1),
    ']': () => walk(1),
    w: () => document.getElementById('why')?.focus(),
    p: () => void navigate({ to: '/households/$id/print', params: { id } }),
    escape: () => void navigate({ to: '/households', search: list?.search ?? {} }),
  })
  return (
    <>
      <PageHead
        title={answer.data ? w.list.household(answer.data.line.headName) : w.pages.household}
        more={w.file.readOnly}
        above={
          <nav className="walk" aria-label={w.file.toList}>
            <Link to="/households" search={list?.search ?? {}}>
              ‹ {list && at >= 0 ? w.file.inList(list.start + at, list.total) : w.file.toList}
            </Link>
            {at >= 0 && (
              <>
                <Button size="small" onClick={() => walk(-1)} aria-label={w.file.previous}>
                  [
                </Button>
                <Button size="small" onClick={() => walk(1)} aria-label={w.file.next}>
                  ]
                </Button>
              </>
            )}
          </nav>
        }
        deeds={
          <Link to="/households/$id/print" params={{ id }}>
            <Button type="primary" tabIndex={-1}>
              {w.file.printFamily}
            </Button>
          </Link>
        }
      />
      <Answer of={answer} rows={12}>
        {(file) => <File file={file} />}
      </Answer>
    </>
  )
}

function File({ file }: { file: HouseholdFile }) {
  const { w, say } = useWords()
  const { line } = file
  return (
    <>
      <section className="panel household-head" aria-label={w.pages.household}>
        <VerdictState of={line.verdict} />
        {line.score && <strong>{w.list.points(scoreRange(line.score))}</strong>}
        <span className="code">{line.id}</span>
        <span>{place(line)}</span>
        <span>{w.file.persons(line.persons)}</span>
        {line.attribute && <span className="fact-label">{say(line.attribute)}</span>}
        {line.classTitle && <span className="fact-label">{say(line.classTitle)}</span>}
        {line.inBand && <span className="fact-label">{w.list.inBand}</span>}
      </section>
      <div className="file-columns">
        <Contents file={file} />
        <div className="file-sections">
          <section className="panel" id="why" tabIndex={-1}>
            <h2>{w.file.why}</h2>
            <WhyOf id={line.id} />
          </section>
          <Members members={file.members} />
          <div className="facts-grid">
            {file.sections.map((section) => (
              <Facts key={section.id} section={section} />
            ))}
          </div>
          <section className="panel" id="hits">
            <h2>
              {w.file.hits} {file.hits.length}
            </h2>
            {file.hits.length ? <Hits hits={file.hits} /> : <Nothing>{w.file.noHits}</Nothing>}
          </section>
          <section className="panel" id="findings">
            <h2>
              {w.file.findings} {file.findings.length}
            </h2>
            {file.findings.length ? <Findings findings={file.findings} /> : <Nothing>{w.file.noFindings}</Nothing>}
          </section>
        </div>
      </div>
    </>
  )
}

function Contents({ file }: { file: HouseholdFile }) {
  const { w, say } = useWords()
  const entries: [string, string][] = [
    ['why', w.file.why],
    ['members', w.file.members(file.members.length)],
    ...file.sections.map((section): [string, string] => [`section-${section.id}`, say(section.title)]),
    ['hits', `${w.file.hits} ${file.hits.length}`],
    ['findings', `${w.file.findings} ${file.findings.length}`],
  ]
  return (
    <nav className="contents" aria-label={w.file.sections}>
      {entries.map(([id, title]) => (
        <a key={id} href={`#${id}`}>
          {title}
        </a>
      ))}
    </nav>
  )
}
