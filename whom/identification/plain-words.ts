import type { CompiledRule } from '@fupin/rulebook/engine/compile/compiled.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Explanation, MissingFact } from '@fupin/rulebook/engine/explanation.ts'
import type { Verdict } from './identification.contract.ts'
import type { Direction } from './identification.rules.ts'

export interface PlainCase {
  headName: string
  verdict: Verdict
  least: number
  most: number
  low: number | null
  high: number | null
  direction: Direction
  missing: MissingFact[]
  vetoes: Explanation[]
  rules: CompiledRule[]
  contest: { days: number } | null
}

/** The result as short sentences to be read aloud to the family: no codes, and at the end where to object. */
export function plainWords(c: PlainCase): { zh: string[]; en: string[] } {
  const sentences = [...opening(c), ...about(c), ...ending(c)]
  return { zh: sentences.map((s) => s.zh), en: sentences.map((s) => s.en) }
}

const range = (low: number, high: number): Text =>
  low === high ? { zh: `${low}`, en: `${low}` } : { zh: `${low} 到 ${high}`, en: `${low} to ${high}` }

function opening({ headName, least, most, direction, low, high, verdict }: PlainCase): Text[] {
  const score = range(least, most)
  const who: Text = { zh: headName ? `${headName}户：` : '', en: headName ? `Household of ${headName}: ` : '' }
  if (verdict === 'out_of_scope') return [{ zh: `${who.zh}您家不在这次评估范围内。`, en: `${who.en}your household is outside this round.` }]
  return [
    { zh: `${who.zh}这次评估，您家得 ${score.zh} 分。`, en: `${who.en}in this assessment you have ${score.en} points.` },
    direction === 'higher_is_better_off'
      ? { zh: '分越高，条件越好。', en: 'More points mean better conditions.' }
      : { zh: '分越高，困难越大。', en: 'More points mean greater need.' },
    ...lineWords(low, high, direction),
  ]
}

function lineWords(low: number | null, high: number | null, direction: Direction): Text[] {
  if (low === null || high === null) return [{ zh: '全县的分数线还没有定。', en: 'The line of the county is not drawn yet.' }]
  const line = range(low, high)
  const side = direction === 'higher_is_better_off' ? { zh: '及以下', en: 'or less' } : { zh: '及以上', en: 'or more' }
  if (low !== high)
    return [
      {
        zh: `全县的线在 ${line.zh} 分之间，还没有定。`,
        en: `The line of the county lies between ${line.en} points; it is not settled yet.`,
      },
    ]
  return [
    { zh: `全县的线是 ${line.zh} 分。`, en: `The line of the county is ${line.en} points.` },
    { zh: `${line.zh} 分${side.zh}可以列入候选。`, en: `Households with ${line.en} points ${side.en} may become candidates.` },
  ]
}

function about(c: PlainCase): Text[] {
  switch (c.verdict) {
    case 'listed':
      return [
        { zh: '您家在线内，可以列入候选。', en: 'You are inside the line and may become a candidate.' },
        { zh: '还要村里评议、公示，才能定。', en: 'The village meeting and the public notice come first.' },
      ]
    case 'not_listed':
      return [{ zh: '您家在线外，这次不列入候选。', en: 'You are outside the line and are no candidate this time.' }]
    case 'vetoed':
      return [
        { zh: '有一条规定不看得分，先要核实：', en: 'One rule comes before the points and must be verified:' },
        ...c.vetoes.filter((v) => v.value === true).map((v): Text => ({ zh: `${v.title.zh}。`, en: `${v.title.en}.` })),
        { zh: '要是情况不对，请告诉村里。', en: 'If this is not so, please tell the village.' },
      ]
    case 'undecided':
      return [
        { zh: '现在还不能判定。', en: 'It cannot be decided yet.' },
        ...c.missing.slice(0, 3).map((m): Text => ({ zh: `还要问清：${m.label.zh}。`, en: `Still to be asked: ${m.label.en}.` })),
        ...c.vetoes
          .filter((v) => v.value === 'unknown')
          .slice(0, 2)
          .map((v): Text => ({ zh: `还要核实：${v.title.zh}。`, en: `Still to be verified: ${v.title.en}.` })),
      ]
    case 'out_of_scope':
      return []
  }
}

/** Where to object; the days only where a veto holds, because it is the veto's own rule that gives them. */
function ending({ contest, verdict }: PlainCase): Text[] {
  const days: Text[] =
    contest && verdict === 'vetoed'
      ? [{ zh: `告知后 ${contest.days} 天内都可以提。`, en: `You have ${contest.days} days after you are told.` }]
      : []
  return [{ zh: '有意见，找村委会或县扶贫办。', en: 'To object, go to the village committee or the county office.' }, ...days]
}
