import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Verdict } from './identification.contract.ts'

/** How each verdict is said. The machine proposes, so none of them reads as a decision. */
export const verdictTitles: Record<Verdict, Text> = {
  listed: { zh: '线内，可以列入候选', en: 'inside the line, may be a candidate' },
  not_listed: { zh: '线外', en: 'outside the line' },
  vetoed: { zh: '命中一票否决（拟剔除，待核实告知）', en: 'a veto holds (removal proposed, to be verified and told)' },
  undecided: { zh: '尚不能判定', en: 'cannot be decided yet' },
  out_of_scope: { zh: '不在本次评估范围', en: 'outside this round' },
}
