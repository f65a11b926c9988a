import type { Document, Scalar, Node as YamlNode } from 'yaml'
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Findings, Place } from '../finding.ts'

/** YAML with places: what a reader needs to point at the very word that is wrong. Scalars keep their text, so money is never a float. */
export type Tree = { at: Place } & (
  | { kind: 'map'; entries: Map<string, { key: Place; value: Tree }> }
  | { kind: 'seq'; items: Tree[] }
  | { kind: 'scalar'; text: string; value: string | number | boolean | null; contentColumn: number }
)
export type MapTree = Tree & { kind: 'map' }
export type ScalarTree = Tree & { kind: 'scalar' }

/** Reads one file; every syntax fault becomes a finding. Gives null for an empty or unreadable file. */
export function readTree(file: string, text: string, findings: Findings): Tree | null {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: true, version: '1.2' })
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0])
    findings.add(
      { file, line, column: col, length: 1 },
      'yaml.syntax',
      `YAML 写法有误：${error.message.split('\n')[0]}`,
      `YAML fault: ${error.message.split('\n')[0]}`,
    )
  }
  if (document.errors.length > 0 || !document.contents) return null
  return new Walker(file, lines, document, findings).tree(document.contents as YamlNode)
}

class Walker {
  constructor(
    private readonly file: string,
    private readonly lines: LineCounter,
    private readonly document: Document,
    private readonly findings: Findings,
  ) {}

  private place(node: { range?: readonly number[] | null }): Place {
    const [start, end] = node.range ?? [0, 1]
    const { line, col } = this.lines.linePos(start!)
    return { file: this.file, line, column: col, length: Math.max(1, end! - start!) }
  }

  tree(node: YamlNode | null): Tree {
    if (node && isAlias(node)) return this.tree((node.resolve(this.document) ?? null) as YamlNode | null)
    const at = node ? this.place(node) : { file: this.file, line: 1, column: 1, length: 1 }
    if (node && isMap(node)) {
      const entries = new Map<string, { key: Place; value: Tree }>()
      for (const pair of node.items) {
        if (!isPair(pair)) continue
        const key = pair.key as Scalar
        const name = isScalar(key) ? (typeof key.source === 'string' ? key.source : String(key.value)) : String(key)
        const value = this.tree(pair.value as YamlNode | null)
        if (name === '<<') this.merge(entries, value)
        else entries.set(name, { key: this.place(key), value })
      }
      return { kind: 'map', at, entries }
    }
    if (node && isSeq(node)) return { kind: 'seq', at, items: node.items.map((item) => this.tree(item as YamlNode)) }
    const scalar = node as Scalar | null
    const raw = scalar?.value ?? null
    const value = typeof raw === 'bigint' ? Number(raw) : (raw as string | number | boolean | null)
    const quoted = scalar?.type === 'QUOTE_SINGLE' || scalar?.type === 'QUOTE_DOUBLE'
    const text = typeof value === 'string' ? value : (scalar?.source ?? '')
    return { kind: 'scalar', at, text, value, contentColumn: at.column + (quoted ? 1 : 0) }
  }

  /** `<<: *other` gives what the map itself does not say. */
  private merge(entries: Map<string, { key: Place; value: Tree }>, from: Tree): void {
    const sources = from.kind === 'seq' ? from.items : [from]
    for (const source of sources) {
      if (source.kind !== 'map') {
        this.findings.add(from.at, 'yaml.merge', '<< 后面要是一组键值。', 'A map is needed behind <<.')
        continue
      }
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry)
    }
  }
}
