import type { Book } from '../book.ts'
import { checkBook } from '../check-book.ts'
import type { CompiledRule } from '../compile/compiled.ts'
import { Compiler } from '../compile/compiler.ts'
import { type BookFinding, Findings, type Place } from '../finding.ts'
import type { Node } from '../ir.ts'
import { type BookFile, loadBook } from '../load/load-book.ts'
import { missingOf, reasonsOf } from '../missing.ts'
import type { Dates } from '../resolve.ts'
import { type Facts, Interpreter } from '../run.ts'
import type { Value } from '../types.ts'

/** Texts of a small book: what is given replaces or joins the files below. Paths are those of a book's folder. */
export type Files = Record<string, string>

export const rulesFile = '450000-guangxi/rules/rules.yaml'
export const paramsFile = '450000-guangxi/params.yaml'

/** Words every definition needs, so that a test can name only what it is about. */
export const words = 'title: {zh: 题, en: title}, covers: []'
export const cited = 'cite: {doc: none}, confidence: default'

const skeleton: Files = {
  'book.yaml': `book: tiny
title: {zh: 小簿, en: tiny book}
root: "450000"
reference_date: 2015-12-31
places:
- {code: "000000", level: nation, folder: 000000-national, name: {zh: 全国, en: nation}}
- {code: "450000", level: province, folder: 450000-guangxi, name: {zh: 广西, en: Guangxi}}
- {code: "450600", level: city, folder: 450600-city, name: {zh: 防城港, en: Fangchenggang}}
- {code: deep-poverty, level: set, folder: deep-poverty, name: {zh: 深度贫困县, en: deep poverty}}
- {code: "450621", level: county, folder: 450621-county, name: {zh: 上思, en: Shangsi}}
`,
  'sources.yaml': 'sources:\n- {id: paper-1, title: {zh: 一号文件, en: paper one}}\n',
  'dictionary/enums.yaml': `enums:
  grade: {label: {zh: 等级, en: grade}, values: {A: {zh: 甲, en: A}, B: {zh: 乙, en: B}, C: {zh: 丙, en: C}}}
  kind: {label: {zh: 车型, en: kind}, values: {car: {zh: 轿车, en: car}, tractor: {zh: 拖拉机, en: tractor}}}
`,
  'dictionary/entities/village.yaml': `entity: village
variable: v
label: {zh: 村, en: village}
lists:
  households: {entity: household, variable: h, label: {zh: 农户, en: households}, range: [0, 1000]}
fields:
  products: {type: int, range: [0, 50], label: {zh: 产业, en: products}}
`,
  'dictionary/entities/household.yaml': `entity: household
variable: h
label: {zh: 农户, en: household}
lists:
  members: {entity: member, variable: m, label: {zh: 成员, en: members}, range: [0, 60]}
  vehicles: {entity: vehicle, variable: r, label: {zh: 车, en: vehicles}, department: police, range: [0, 100]}
fields:
  income: {type: money, range: [-1000000, 10000000], label: {zh: 收入, en: income}}
  area: {type: int, unit: m2, range: [0, 2000], label: {zh: 面积, en: area}}
  rooms: {type: int, range: [-20, 100], label: {zh: 房间, en: rooms}}
  paddy: {type: int, unit: mu, decimals: 2, range: [0, 500], label: {zh: 水田, en: paddy}}
  dry: {type: int, unit: mu, decimals: 2, range: [0, 500], label: {zh: 旱地, en: dry land}}
  huge: {type: int, range: [-9007199254740991, 9007199254740991], label: {zh: 大数, en: huge}}
  poor: {type: bool, label: {zh: 贫困, en: poor}}
  ill: {type: bool, label: {zh: 患病, en: ill}}
  grade: {type: enum, enum: grade, label: {zh: 等级, en: grade}}
  visit: {type: date, range: [1990-01-01, 2030-12-31], label: {zh: 入户日, en: visit}}
  code: {type: code, label: {zh: 村码, en: village code}}
  note: {type: text, label: {zh: 备注, en: note}}
`,
  'dictionary/entities/member.yaml': `entity: member
variable: m
label: {zh: 成员, en: member}
fields:
  insured: {type: bool, label: {zh: 参保, en: insured}}
  wage: {type: money, range: [0, 1000000], label: {zh: 工资, en: wage}}
  months: {type: int, unit: month, range: [0, 12], label: {zh: 月数, en: months}}
  birth: {type: date, range: [1900-01-01, 2030-12-31], label: {zh: 生日, en: birth}}
  level: {type: enum, enum: grade, label: {zh: 等级, en: grade}}
  huge: {type: int, range: [-9007199254740991, 9007199254740991], label: {zh: 大数, en: huge}}
`,
  'dictionary/entities/vehicle.yaml': `entity: vehicle
variable: r
label: {zh: 车, en: vehicle}
fields:
  kind: {type: enum, enum: kind, label: {zh: 车型, en: kind}}
  price: {type: money, range: [0, 10000000], label: {zh: 价, en: price}}
`,
  [paramsFile]: `- {param: line, title: {zh: 线, en: line}, type: money, values: [{from: 2015-01-01, value: 2855, ${cited}}]}
- {param: area_min, title: {zh: 面积, en: area}, type: int, unit: m2, values: [{from: 2015-01-01, value: 13, ${cited}}]}
- {param: rooms_min, title: {zh: 间数, en: rooms}, type: int, values: [{from: 2015-01-01, value: 3, ${cited}}]}
- {param: land_min, title: {zh: 田, en: land}, type: int, unit: mu, decimals: 2, values: [{from: 2015-01-01, value: 1.5, ${cited}}]}
`,
}

/** The files of a small book about villages, households, members and vehicles, with the given files in place of or beside its own. */
export const tinyFiles = (files: Files = {}): BookFile[] =>
  Object.entries({ ...skeleton, ...files }).map(([path, text]) => ({ path, text }))

/** Loads a small book. Findings are those of reading it; rules are not yet compiled. */
export function tinyBook(files: Files = {}): { book: Book; findings: BookFinding[] } {
  const { book, findings } = loadBook(tinyFiles(files))
  return { book: book!, findings }
}

/** Everything found in a small book, reading and checking together. */
export function findingsOf(files: Files): BookFinding[] {
  const { book, findings } = tinyBook(files)
  return [...findings, ...checkBook(book).findings]
}

/** `file:line:column code` of each finding with one of the given codes; of all where none is given. */
export const places = (findings: BookFinding[], ...codes: string[]): string[] =>
  findings.filter((f) => codes.length === 0 || codes.includes(f.code)).map((f) => `${f.file}:${f.line}:${f.column} ${f.code}`)

export const nowhere = { file: 'test', line: 1, column: 1, length: 1 }
export const referenceDates: Dates = { at: 20151231 }

/** Compiles one rule of a small book; throws with the findings where it has any. */
export function compiled(
  files: Files,
  id: string,
  dates: Dates = referenceDates,
  place = '450000',
): { rule: CompiledRule; compiler: Compiler } {
  const { book, findings } = tinyBook(files)
  const all = new Findings()
  const compiler = new Compiler(book, place, dates, all)
  const rule = compiler.rule(id, nowhere)
  const wrong = [...findings, ...all.all].map((f) => `${f.file}:${f.line}:${f.column} ${f.code} ${f.en}`)
  if (!rule || wrong.length) throw new Error(`${id} does not compile:\n${wrong.join('\n')}`)
  return { rule, compiler }
}

let shared: Compiler | undefined

/** The typed form of one expression about a household (`h`) or a village (`v`); throws where it does not pass the checker. */
export function nodeOf(expression: string, about: 'household' | 'village' = 'household', at = 20151231): Node {
  const findings = new Findings()
  shared ??= new Compiler(tinyBook().book, '450000', referenceDates, findings)
  const compiler = new Compiler(shared.book, '450000', { at }, findings)
  const node = lowered(compiler, expression, about)
  if (!node || findings.all.length) throw new Error(`${expression}: ${findings.all.map((f) => `${f.column} ${f.code} ${f.en}`).join('; ')}`)
  return node
}

/** Lowers expressions with one compiler, so that equal parts are one node. */
export function lowered(compiler: Compiler, expression: string, about = 'household'): Node | null {
  const { variable } = compiler.book.dictionary.entities[about]!
  const variables = new Map([[variable, { entity: about, depth: 0, prefix: `${variable}.` }]])
  return compiler.expression(
    { text: expression, at: { file: 'test', line: 1, column: 1, length: 1 } },
    contextOf(compiler, variables),
    null,
  )
}

const placeOf = (ast: { start: number; end: number }): Place => ({
  ...nowhere,
  column: 1 + ast.start,
  length: Math.max(1, ast.end - ast.start),
})

/** The context of a bare expression: no lets, no other rules, the parameters of the book. */
function contextOf(compiler: Compiler, variables: Parameters<Compiler['condition']>[1]['variables']): Parameters<Compiler['condition']>[1] {
  const cx: Parameters<Compiler['condition']>[1] = {
    dictionary: compiler.book.dictionary,
    nodes: compiler.nodes,
    asof: compiler.dates.at,
    variables,
    lets: new Map(),
    at: nowhere,
    param: (name, ast) => {
      const found = compiler.parameter(name, placeOf(ast))
      return found ? { value: found.value.value, type: found.head.type } : null
    },
    rule: () => null,
    report: (ast, code, zh, en) => compiler.findings.add(placeOf(ast), code, zh, en),
  }
  return cx
}

/** What the interpreter says of an expression about one household (or village): value, missing facts, reasons. */
export function ask(
  expression: string,
  facts: Facts,
  about: 'household' | 'village' = 'household',
  at = 20151231,
): { value: Value | 'unknown'; missing: string[]; reasons: string[] } {
  const interpreter = new Interpreter()
  const node = nodeOf(expression, about, at)
  return {
    value: interpreter.evaluate(node, [facts]) ?? 'unknown',
    missing: [...missingOf(node, [facts], interpreter)].sort(),
    reasons: reasonsOf(node, [facts], interpreter),
  }
}

/** Only the value. */
export const told = (expression: string, facts: Facts, about: 'household' | 'village' = 'household'): Value | 'unknown' =>
  ask(expression, facts, about).value
