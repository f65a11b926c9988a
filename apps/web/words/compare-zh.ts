import type { Move } from '@fupin/whom/run/compare/compare-contract.ts'
import type { Standing } from '@fupin/whom/run/compare/standings.ts'

/** What the comparison of two runs says in Chinese; `compare-en.ts` has every key. */
export const compareZh = {
  title: '与以前的运行比较',
  entry: '两次比较',
  runs: (before: string, after: string) => `${before} → ${after}`,
  inputs: '两次拿来算的有什么不同',
  sameSnapshot: '数据相同',
  otherSnapshot: (n: number) => `数据不同：${n} 个县有变动`,
  sameRules: '规则相同',
  otherRules: '规则不同',
  sameQuotas: '规模相同',
  otherQuotas: (n: number) => `${n} 个县的规模不同`,
  sameLines: '各县的线没有动',
  otherLines: (n: number) => `${n} 个县的线动了`,
  otherFile: (title: string) => `${title}：文件不同`,
  before: '前一次',
  after: '这一次',
  moves: '变动',
  movesMean: '两次运行里都有、结论不同的农户按变动归类；一户可以归入几类。户数以外是这一次的人数。',
  moveNames: {
    entered: '新列入',
    left: '退出拟列入',
    became_vetoed: '变为拟剔除',
    no_longer_vetoed: '不再拟剔除',
    became_decidable: '变为可以判定',
    became_undecided: '变为尚不能判定',
    into_scope: '进入评分范围',
    out_of_scope: '退出评分范围',
    new_household: '新增的户',
    gone_household: '没有了的户',
  } as Record<Move, string>,
  reasons: '为什么变',
  origins: { facts: '数据', rules: '规则', either: '数据或规则', line: '分数线' } as Record<string, string>,
  table: '从哪里到哪里',
  beforeAfter: '前 → 后',
  standing: {
    absent: '没有这一户',
    listed: '拟列入',
    not_listed: '线外',
    vetoed: '拟剔除',
    undecided: '尚不能判定',
    out_of_scope: '不在范围',
  } as Record<Standing, string>,
  cannotBe: '不会有',
  byCounty: '各县',
  lineMoved: '分数线',
  households: '变动的农户',
  none: '没有这样变动的农户。',
}

export type CompareWords = typeof compareZh
