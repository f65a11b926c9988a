import type { Figure } from '../book.ts'
import { readDate } from '../civil-date.ts'
import type { Findings } from '../finding.ts'

const columns = [
  'id',
  'name_zh',
  'name_en',
  'value',
  'unit',
  'comparison',
  'applies_to',
  'valid_from',
  'valid_to',
  'place',
  'doc',
  'at',
  'kind',
]
const comparisons = ['<=', '>=', '=', '<', '>'] as const

/** Reads a table of figures; a row that cannot stand is a finding with its line and is left out. */
export function readFigures(file: string, table: string[][], findings: Findings): Figure[] {
  const [head, ...rows] = table
  const missing = columns.filter((c) => !head?.includes(c))
  const at = (line: number): { file: string; line: number; column: number; length: number } => ({ file, line, column: 1, length: 1 })
  if (missing.length || !head) {
    findings.add(
      at(1),
      'figures.columns',
      `数表缺列：${missing.join('、')}。`,
      `The table of figures lacks the columns ${missing.join(', ')}.`,
    )
    return []
  }
  const seen = new Set<string>()
  return rows.flatMap((row, i) => {
    const cell = (name: string): string => row[head.indexOf(name)]?.trim() ?? ''
    const line = i + 2
    const day = (name: string): number | null | undefined => (cell(name) === '' ? null : (readDate(cell(name)) ?? undefined))
    const [from, to, id] = [day('valid_from'), day('valid_to'), cell('id')]
    const comparison = comparisons.find((c) => c === cell('comparison'))
    const faults: [boolean, string, string, string][] = [
      [!/^[A-Z]-\d{3}\.\d{2}$/.test(id), 'figures.id', `编号“${id}”要像 M-220.02。`, `Id "${id}" must look like M-220.02.`],
      [seen.has(id), 'figures.twice', `编号“${id}”写了两次。`, `Id "${id}" stands twice.`],
      [!/^-?\d+(\.\d+)?$/.test(cell('value')), 'figures.value', `“${cell('value')}”不是数。`, `"${cell('value')}" is not a number.`],
      [
        !/^\d{6}$/.test(cell('place')),
        'figures.place',
        `地区“${cell('place')}”要是六位代码。`,
        `Place "${cell('place')}" must be a code of six digits.`,
      ],
      [from === undefined || to === undefined, 'figures.date', '起止日不是日期（年-月-日）。', 'A date of validity is none (yyyy-mm-dd).'],
      [
        !comparison,
        'figures.comparison',
        `比较“${cell('comparison')}”只能是 ${comparisons.join(' ')}。`,
        `A comparison is one of ${comparisons.join(' ')}.`,
      ],
    ]
    const wrong = faults.filter(([bad]) => bad)
    for (const [, code, zh, en] of wrong) findings.add(at(line), code, zh, en)
    if (wrong.length) return []
    seen.add(id)
    return [
      {
        id,
        title: { zh: cell('name_zh'), en: cell('name_en') },
        value: cell('value'),
        unit: cell('unit'),
        comparison: comparison!,
        appliesTo: cell('applies_to')
          .split(',')
          .map((s) => s.trim()),
        from: from!,
        to: to!,
        place: cell('place'),
        cite: { doc: cell('doc'), at: cell('at') },
        kind: cell('kind'),
      },
    ]
  })
}
