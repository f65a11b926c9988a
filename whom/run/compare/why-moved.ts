import { quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Direction } from '@fupin/whom/identification/identification.rules.ts'
import type { Why } from './compare-contract.ts'
import { verdictOrdinalSql } from './standings.ts'

type Side = 'a' | 'b'

/** The verdict with each part taken from one of the two runs. */
function verdict(direction: Direction, scope: Side, veto: Side, points: Side, line: Side): string {
  return verdictOrdinalSql(direction, {
    outside: `outside_${scope}`,
    proven: `proven_${veto}`,
    doubt: `doubt_${veto}`,
    least: `least_${points}`,
    most: `most_${points}`,
    low: `low_${line}`,
    high: `high_${line}`,
  })
}

/**
 * SQL of the code: the part of the verdict which, put alone in place of the earlier one, gives the later verdict; asked in the order in
 * which verdicts are decided: scope, vetoes, points, line. Where no single part does, the first that differs among scope and vetoes;
 * else `several`: points and line together. `turned`: the scorecards of the two runs have opposite directions.
 */
export function whySql(direction: Direction, turned = false): string {
  const scope = `case when outside_b then 'scope_left' else 'scope_entered' end`
  const veto = `case when proven_b then 'veto_proven'
      when proven_a and open_b & vetoes_a <> 0 then 'veto_opened' when proven_a then 'veto_lifted'
      when open_a is not distinct from open_b then case when doubt_b then 'scope_opened' else 'scope_cleared' end
      when doubt_b then 'veto_opened' else 'veto_cleared' end`
  const points = `case when most_b - least_b < most_a - least_a then 'gap_closed' when most_b - least_b > most_a - least_a then 'gap_opened' else 'score_changed' end`
  return `case when verdict_a = verdict_b then null when verdict_a = 0 then 'new_household' when verdict_b = 0 then 'gone_household'
    when outside_a <> outside_b and ${verdict(direction, 'b', 'a', 'a', 'a')} = verdict_b then ${scope}
    when (proven_a <> proven_b or doubt_a <> doubt_b) and ${verdict(direction, 'a', 'b', 'a', 'a')} = verdict_b then ${veto}
    ${turned ? "when outside_a = outside_b and proven_a = proven_b then 'direction_turned'" : ''}
    when (least_a <> least_b or most_a <> most_b) and ${verdict(direction, 'a', 'a', 'b', 'a')} = verdict_b then ${points}
    when ${verdict(direction, 'a', 'a', 'a', 'b')} = verdict_b then 'line_moved'
    when outside_a <> outside_b then ${scope}
    when proven_a <> proven_b then ${veto}
    else 'several' end`
}

export const whyTitles: Record<Why, Text> = {
  scope_left: { zh: '不再属于评估范围', en: 'is no longer within the round' },
  scope_entered: { zh: '进入评估范围', en: 'is now within the round' },
  scope_opened: { zh: '是否属于评估范围变为未定', en: 'whether it is within the round is open now' },
  scope_cleared: { zh: '已查明是否属于评估范围', en: 'whether it is within the round is settled now' },
  veto_proven: { zh: '新命中一票否决', en: 'a veto holds now' },
  veto_lifted: { zh: '不再命中一票否决', en: 'a veto holds no longer' },
  veto_opened: { zh: '一票否决变为未定', en: 'a veto is open now' },
  veto_cleared: { zh: '未定的一票否决已查清', en: 'an open veto was settled' },
  gap_closed: { zh: '缺的事实减少', en: 'fewer facts are missing' },
  gap_opened: { zh: '缺的事实增加', en: 'more facts are missing' },
  score_changed: { zh: '得分变了', en: 'the score changed' },
  line_moved: { zh: '分数线移动', en: 'the line moved' },
  direction_turned: { zh: '评分表的方向变了', en: 'the direction of the scorecard turned' },
  several: { zh: '得分和分数线都变了', en: 'score and line both changed' },
  new_household: { zh: '新增的户', en: 'new household' },
  gone_household: { zh: '不再有这一户', en: 'household is gone' },
}

/** SQL of one sentence from the columns of a move, without the full stop of a heading: what happened and the figures behind it. */
export function sentenceSql(language: 'zh' | 'en', vetoes: readonly Text[]): string {
  const zh = language === 'zh'
  const range = (x: Side): string => `case when least_${x} = most_${x} then least_${x}::varchar else concat(least_${x}, '–', most_${x}) end`
  const line = (x: Side): string =>
    `case when low_${x} is null then ${quoteText(zh ? '未定' : 'none')} when low_${x} = high_${x} then low_${x}::varchar else concat(low_${x}, '–', high_${x}) end`
  const named = (bits: string): string =>
    `concat_ws(${quoteText(zh ? '、' : ', ')}, ${vetoes.map((v, i) => `case when (${bits}) & ${2 ** i} <> 0 then ${quoteText(v[language])} end`).join(', ') || "''"})`
  const [score, lines] = zh
    ? [`'得分由 ', ${range('a')}, ' 变为 ', ${range('b')}`, `'分数线由 ', ${line('a')}, ' 变为 ', ${line('b')}`]
    : [`'score ', ${range('a')}, ' before, ', ${range('b')}, ' now'`, `'line ', ${line('a')}, ' before, ', ${line('b')}, ' now'`]
  const origin = zh
    ? `case origin when 'facts' then '（回答或记录变了）' when 'rules' then '（规则变了）' else '' end`
    : `case origin when 'facts' then ' (answers or records changed)' when 'rules' then ' (the rules changed)' else '' end`
  const [comma, stop] = zh ? ['，', '。'] : ['; ', '.']
  const only = (code: Why, ...rest: string[]): string =>
    `when '${code}' then concat(${[quoteText(opening(whyTitles[code][language])), origin, ...rest, quoteText(stop)].join(', ')})`
  const [colon, at] = [quoteText(zh ? '：' : ': '), quoteText(comma)]
  return `case why
    ${(['scope_left', 'scope_entered', 'scope_opened', 'scope_cleared', 'direction_turned', 'new_household', 'gone_household'] as const).map((c) => only(c)).join('\n    ')}
    ${only('veto_proven', colon, named('vetoes_b & ~vetoes_a'))}
    ${only('veto_lifted', colon, named('vetoes_a & ~vetoes_b'))}
    ${only('veto_opened', colon, named('open_b & ~open_a'))}
    ${only('veto_cleared', colon, named('open_a & ~open_b'))}
    ${(['gap_closed', 'gap_opened', 'score_changed'] as const).map((c) => only(c, at, score, at, lines)).join('\n    ')}
    ${only('line_moved', at, lines, at, score)}
    ${only('several', at, score, at, lines)} end`
}

const opening = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
