import { count, duration, percent } from '@fupin/platform/ui/numbers.ts'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { State, Unknown } from '@fupin/platform/ui/state.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { RunMade } from '@fupin/whom/run/web/region.contract.ts'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { askMade } from '../wire/questions-region.ts'
import { useWords } from '../words/use-words.ts'

const tones = { compared: 'done', absent: 'check', refused: 'wrong' } as const
const bytesPerGiB = 2 ** 30

/** What the run was made from and by what, with its digests, and how anybody can repeat it. */
export function MadePage() {
  const { w } = useWords()
  const answer = useQuery(askMade)
  return (
    <>
      <PageHead
        title={w.region.made}
        deeds={
          <a href="/api/region/export/run.json" download="run.json">
            {w.run.recordFile}
          </a>
        }
      />
      <p className="intro">{w.region.madeIntro}</p>
      <Answer of={answer} rows={16}>
        {(made) => <Made made={made} />}
      </Answer>
    </>
  )
}

function Made({ made }: { made: RunMade }) {
  const { w, say } = useWords()
  const m = w.region.madeWords
  return (
    <>
      <div className="two-columns">
        <section className="panel">
          <h2>{m.data}</h2>
          <Rows
            of={[
              [m.snapshot, <Digest key="d" value={made.snapshot.id} />],
              [m.snapshotMade, moment(made.snapshot.madeAt)],
              [m.survey, <Pair key="p" {...made.snapshot} />],
              [m.counties, count(made.snapshot.counties)],
              [m.leftOut, m.households(made.snapshot.leftOut)],
              [m.rows, count(made.snapshot.rows)],
              ...made.inputs.map(({ name, sha256 }): [string, ReactNode] => [name, <Digest key="i" value={sha256} />]),
            ]}
          />
        </section>
        <section className="panel">
          <h2>{m.rules}</h2>
          <Rows
            of={[
              [m.book, say(made.book.title)],
              [m.scorecard, `${say(made.book.scorecard)} · ${made.book.version}`],
              [w.basis.asOfTerm, `${made.book.asOf} 24:00`],
              [m.meaning, <Digest key="m" value={made.book.meaning} />],
              [m.content, <Digest key="c" value={made.book.content} />],
              [m.defaults, w.basis.defaults(made.defaults.rules, made.defaults.of)],
              [m.band, m.bandPoints(made.band)],
            ]}
          />
        </section>
      </div>
      <Departments made={made} />
      <div className="two-columns">
        <Work made={made} />
        <section className="panel">
          <h2>{m.result}</h2>
          <p className="note">{m.digestsMean}</p>
          <Rows of={made.digests.map(({ title, value }): [string, ReactNode] => [say(title), <Digest key="r" value={value} />])} />
          <h3>{m.vetoes}</h3>
          <Rows
            of={made.vetoes.map(({ title, true: holds, unknown }): [string, ReactNode] => [
              say(title),
              m.vetoCounts(count(holds), count(unknown)),
            ])}
          />
        </section>
      </div>
      <Repeat made={made} />
    </>
  )
}

function Departments({ made }: { made: RunMade }) {
  const { w, say } = useWords()
  const m = w.region.madeWords
  const { elder } = usePreferences().preferences
  const cards = useNarrow() || elder
  const state = (of: keyof typeof tones) => <State tone={tones[of]} word={w.run.departmentStates[of]} />
  return (
    <section className="panel">
      <h2>{w.run.departments}</h2>
      <RecordList
        label={w.run.departments}
        rows={made.departments}
        id={(one) => one.list}
        asCards={cards}
        card={(one) => (
          <>
            <div className="card-head">
              <span>{say(one.title)}</span>
              {state(one.state)}
            </div>
            <div className="note">
              {one.asOf ?? w.unknown} · {m.good(count(one.goodRows), count(one.rows))}
            </div>
          </>
        )}
        columns={[
          {
            key: 'title',
            title: w.run.department,
            long: true,
            show: (one) => <span title={one.basis ? say(one.basis) : undefined}>{say(one.title)}</span>,
          },
          { key: 'state', title: w.run.state, show: (one) => state(one.state) },
          { key: 'asOf', title: w.run.day, show: (one) => one.asOf ?? <Unknown word={w.unknown} /> },
          { key: 'rows', title: m.goodOfAll, numeric: true, show: (one) => m.good(count(one.goodRows), count(one.rows)) },
          {
            key: 'kept',
            title: m.kept,
            numeric: true,
            show: (one) => (one.kept === null ? <Unknown word={w.run.departmentStates.absent} /> : count(one.kept)),
          },
          { key: 'sha', title: m.digest, show: (one) => (one.sha256 ? <Digest value={one.sha256} short /> : <Unknown word={w.unknown} />) },
        ]}
      />
      <p className="note">{m.comparison(count(made.comparison.records), count(made.comparison.members), grouped(made.comparison.pairs))}</p>
    </section>
  )
}

function Work({ made }: { made: RunMade }) {
  const { w, say, language } = useWords()
  const m = w.region.madeWords
  const reused = made.chunks.filter((chunk) => chunk.reused).length
  return (
    <section className="panel">
      <h2>{m.work}</h2>
      <Rows
        of={[
          [w.run.started, moment(made.startedAt)],
          [m.seconds, duration(made.seconds, language)],
          ...made.steps.map(({ title, seconds }): [string, ReactNode] => [
            say(title),
            duration(seconds, language) + w.region.inBrackets(percent((seconds / made.seconds) * 100)),
          ]),
          [m.memory, `${(made.peakMemoryBytes / bytesPerGiB).toFixed(2)} GiB`],
          [m.database, `${made.database.name} ${made.database.version}`],
          [m.statements, <Digest key="s" value={made.database.statements} />],
        ]}
      />
      <p className="note">{m.chunks(made.chunks.length, reused)}</p>
      {made.resumed && <p className="note">{m.resumed}</p>}
      <details>
        <summary>{m.chunkTable}</summary>
        <RecordList
          label={m.chunkTable}
          density="dense"
          rows={made.chunks}
          id={(chunk) => String(chunk.no)}
          columns={[
            { key: 'no', title: w.file.no, numeric: true, show: (chunk) => chunk.no },
            { key: 'counties', title: m.counties, numeric: true, show: (chunk) => chunk.counties.length },
            { key: 'households', title: w.line.households, numeric: true, show: (chunk) => count(chunk.households) },
            {
              key: 'seconds',
              title: m.seconds,
              numeric: true,
              show: (chunk) => (chunk.reused ? m.reused : duration(chunk.seconds, language)),
            },
          ]}
        />
      </details>
    </section>
  )
}

/** The command that makes the same digests again. */
function Repeat({ made }: { made: RunMade }) {
  const { w } = useWords()
  const m = w.region.madeWords
  const id = made.snapshot.id.replace('sha256:', '').slice(0, 16)
  const files = made.inputs.map(({ name }) => name)
  const quota = files.find((name) => name.includes('quota')) ?? files[0]
  const set = files.find((name) => name !== quota)
  const lines = [
    `npm run -s fupin -- run --snapshot ${m.placeSnapshot}@${id} \\`,
    `  --book ${m.placeBook} --id ${made.book.scorecardId} --on ${made.book.asOf} \\`,
    ...(quota ? [`  --quota ${quota} \\`] : []),
    ...(set ? [`  --set-lines ${set} \\`] : []),
    ...(made.missing === 'undecided' ? ['  --missing \\'] : []),
    `  --out ${m.placeOut}`,
  ]
  return (
    <section className="panel">
      <h2>{m.repeat}</h2>
      <p>{m.repeatHow}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls sideways must be reachable by keyboard */}
      <pre className="command" tabIndex={0}>
        {lines.join('\n')}
      </pre>
      <p className="note">{m.repeatEqual}</p>
    </section>
  )
}

function Rows({ of }: { of: [string, ReactNode][] }) {
  return (
    <dl className="facts facts-wide">
      {of.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A digest as people compare it: grouped, without its prefix. */
function Digest({ value, short }: { value: string; short?: boolean }) {
  const text = value.replace(/^sha256:/, '')
  return (
    <span className="code digest" title={text}>
      {short ? text.slice(0, 16) : text}
    </span>
  )
}

/** A moment to the second in this machine's zone, year first. */
const moment = (iso: string) => new Date(iso).toLocaleString('sv-SE')

/** A number too large to be counted with, in groups of three. */
const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
