import { type OutlineNode, OutlineTree } from '@fupin/platform/ui/outline-tree.tsx'
import { Unknown } from '@fupin/platform/ui/state.tsx'
import type { ExplainedPart, Explanation } from '@fupin/rulebook/engine/explanation.ts'
import type { Why } from '@fupin/whom/identification/identification.contract.ts'
import { Trust, TrustMarks } from '../shell/basis.tsx'
import { scoreRange } from '../shell/verdict.tsx'
import { useWords } from '../words/use-words.ts'
import { DocumentTitles, PartDetail } from './part-detail.tsx'

/** The whole reasoning as one tree: scope, score by category and item, vetoes with their exceptions. */
export function WhyTree({ why }: { why: Why }) {
  const { w, say } = useWords()
  const titles = new Map(why.sources.map((source) => [source.doc, say(source.title)]))
  return (
    <DocumentTitles value={titles}>
      <OutlineTree key={why.household} label={w.why.tree} nodes={useNodes(why)} />
      <TrustMarks />
    </DocumentTitles>
  )
}

/** More gaps than these open no category by themselves: the list above the tree says them. */
const fewGaps = 8

function useNodes(why: Why): OutlineNode[] {
  const { w, say } = useWords()
  const stands = why.vetoes.filter((veto) => veto.value === true)
  const open = why.vetoes.filter((veto) => veto.value === 'unknown')
  const inScope = why.scope.value !== false
  const part = (of: ExplainedPart, under: string): OutlineNode => {
    const id = `${under}/${of.id}`
    const parts = byEffect(of.parts ?? [])
    return {
      id,
      line: <Line title={say(of.title)} part={of} />,
      detail: !parts.length && (of.read.length || of.expr || of.cite) ? <PartDetail part={of} /> : undefined,
      children: parts.length ? parts.map((child) => part(child, id)) : undefined,
      openAtFirst: of.kind === 'category' && of.missing.length > 0 && why.missing.length <= fewGaps,
    }
  }
  /** A veto without exceptions has one part that only repeats it: that part's facts stand under it directly. */
  const vetoBelow = (of: Explanation): Pick<OutlineNode, 'children' | 'detail'> => {
    const [only, ...others] = of.parts
    return only && !others.length && !only.parts?.length
      ? { detail: <PartDetail part={only} /> }
      : { children: of.parts.map((child) => part(child, `veto/${of.rule}`)) }
  }
  const veto = (of: Explanation): OutlineNode => ({
    id: `veto/${of.rule}`,
    line: (
      <>
        <span className="outline-title">{say(of.title)}</span>
        <span className="outline-value">
          {of.value === true ? (
            <span className="hit">{w.why.hit}</span>
          ) : of.value === 'unknown' ? (
            <Unknown word={`? ${w.why.unknown}`} />
          ) : (
            w.why.noHit
          )}
        </span>
        <Trust of={of.confidence} short />
      </>
    ),
    ...vetoBelow(of),
    openAtFirst: of.value !== false,
  })
  const score: OutlineNode[] = inScope
    ? [
        {
          id: 'score',
          openAtFirst: true,
          line: (
            <>
              <span className="outline-title">
                {w.why.total} · {say(why.scorecard.title)}
              </span>
              <span className="outline-value">
                {why.scorecard.value === 'unknown' ? (
                  <Unknown word={w.why.points(scoreRange(why.score))} />
                ) : (
                  w.why.points(scoreRange(why.score))
                )}
              </span>
              <Trust of={why.scorecard.confidence} short />
            </>
          ),
          children: byEffect(why.scorecard.parts).map((category) => part(category, 'score')),
        },
      ]
    : []
  const vetoes: OutlineNode = {
    id: 'vetoes',
    openAtFirst: stands.length + open.length > 0,
    line: <span className="outline-title">{w.why.vetoes(stands.length, open.length, why.vetoes.length)}</span>,
    children: [...stands, ...open, ...why.vetoes.filter((one) => one.value === false)].map(veto),
  }
  return [
    part({ ...why.scope, title: { zh: `${w.why.scope}：${why.scope.title.zh}`, en: `${w.why.scope}: ${why.scope.title.en}` } }, 'scope'),
    ...(stands.length ? [vetoes, ...score] : [...score, vetoes]),
  ]
}

/** What is open comes first, then the largest points. */
const byEffect = (parts: ExplainedPart[]) => [...parts].sort((a, b) => width(b) - width(a) || (b.points?.most ?? 0) - (a.points?.most ?? 0))

const width = (part: ExplainedPart) => (part.points ? part.points.most - part.points.least : part.value === 'unknown' ? 1 : 0)

function Line({ title, part }: { title: string; part: ExplainedPart }) {
  const { w, say } = useWords()
  const answers = part.kind !== 'item' ? [] : part.read.filter((fact) => !fact.path.startsWith('p.')).slice(0, 2)
  const value = part.points ? w.why.of(scoreRange(part.points), part.points.of) : spoken(part, w)
  return (
    <>
      <span className="outline-title">{title}</span>
      {answers.length > 0 && (
        <span className="outline-answer">
          {answers.map((fact) => (
            <span key={fact.path}>
              {answers.length > 1 && `${say(fact.label)} `}
              {fact.value === null ? <Unknown word={say(fact.shown)} /> : say(fact.shown)}
            </span>
          ))}
        </span>
      )}
      <span className="outline-value">{part.value === 'unknown' ? <Unknown word={part.points ? value : `? ${value}`} /> : value}</span>
      <Trust of={part.confidence} short />
    </>
  )
}

function spoken(part: ExplainedPart, w: ReturnType<typeof useWords>['w']) {
  if (part.value === 'unknown') return w.why.unknown
  if (typeof part.value !== 'boolean') return String(part.value)
  if (part.kind === 'exception') return part.value ? w.why.exceptionYes : w.why.exceptionNo
  if (part.kind === 'veto') return part.value ? w.why.yes : w.why.no
  return part.value ? w.why.met : w.why.notMet
}
