import { Problem } from '../../problems/problem.ts'

/** Longer tags, comments and CDATA sections than this (in characters) do not occur in workbooks. */
const longestTag = 4 * 2 ** 20
const brokenXml = () =>
  new Problem('damaged_workbook', { zh: '工作簿内部已损坏。请重新取一份。', en: 'The workbook is damaged inside. Fetch it again.' })

export interface XmlListener {
  /** `name` without prefix; `attributes` as written, for `attributeOf`. A self-closing tag is followed by `close`. */
  open(name: string, attributes: string): void
  close(name: string): void
  text(text: string): void
}

/** Cuts XML that comes in pieces into tags and texts. No document types, no entities but the five of XML and numbers. */
export class XmlTokens {
  private rest = ''

  constructor(private readonly listener: XmlListener) {}

  push(piece: string): void {
    const xml = this.rest ? this.rest + piece : piece
    let at = 0
    for (;;) {
      const tag = xml.indexOf('<', at)
      if (tag < 0) break
      const end = this.endOf(xml, tag)
      if (end < 0) {
        if (xml.length - tag > longestTag) throw brokenXml()
        this.rest = xml.slice(at)
        return
      }
      if (tag > at) this.listener.text(decodeEntities(xml.slice(at, tag)))
      this.tag(xml, tag, end)
      at = end + 1
    }
    this.rest = ''
    if (at < xml.length) this.keepEntity(xml.slice(at))
  }

  /** Text without an end yet goes on at once, but for an entity that may be cut. */
  private keepEntity(text: string): void {
    const entity = text.indexOf('&', Math.max(0, text.length - 12))
    const whole = entity < 0 ? text.length : entity
    if (whole > 0) this.listener.text(decodeEntities(text.slice(0, whole)))
    this.rest = text.slice(whole)
  }

  private endOf(xml: string, tag: number): number {
    if (xml.charCodeAt(tag + 1) !== 33) return endOfTag(xml, tag)
    if (xml.length < tag + 9) return -1
    const close = xml.startsWith('<!--', tag) ? '-->' : xml.startsWith('<![CDATA[', tag) ? ']]>' : null
    if (!close) {
      throw new Problem('workbook_doctype', {
        zh: '工作簿里有不该有的文档类型定义，没有打开。',
        en: 'The workbook declares a document type; it was not opened.',
      })
    }
    const found = xml.indexOf(close, tag + 4)
    return found < 0 ? -1 : found + close.length - 1
  }

  private tag(xml: string, start: number, end: number): void {
    const first = xml.charCodeAt(start + 1)
    if (first === 63) return
    if (first === 33) {
      if (xml.startsWith('<![CDATA[', start)) this.listener.text(xml.slice(start + 9, end - 2))
      return
    }
    if (first === 47) {
      this.listener.close(local(xml.slice(start + 2, end).trimEnd()))
      return
    }
    const empty = xml.charCodeAt(end - 1) === 47
    const inner = xml.slice(start + 1, empty ? end - 1 : end)
    const space = inner.search(/\s/)
    const name = local(space < 0 ? inner : inner.slice(0, space))
    this.listener.open(name, space < 0 ? '' : inner.slice(space))
    if (empty) this.listener.close(name)
  }
}

/** The `>` that ends a tag: one within an attribute's quotes does not. */
function endOfTag(xml: string, tag: number): number {
  let end = xml.indexOf('>', tag)
  while (end >= 0 && xml.charCodeAt(end - 1) !== 34 && oddQuotes(xml, tag, end)) end = xml.indexOf('>', end + 1)
  return end
}

function oddQuotes(xml: string, from: number, to: number): boolean {
  let odd = false
  for (let i = from; i < to; i++) if (xml.charCodeAt(i) === 34) odd = !odd
  return odd
}

const patterns = new Map<string, RegExp>()

/** The value of one attribute (written without prefix or with one), or null. */
export function attributeOf(attributes: string, name: string): string | null {
  if (attributes === '') return null
  let pattern = patterns.get(name)
  if (!pattern) {
    pattern = new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    patterns.set(name, pattern)
  }
  const match = pattern.exec(attributes)
  return match ? decodeEntities(match[1] ?? match[2]!) : null
}

const local = (name: string): string => (name.includes(':') ? name.slice(name.indexOf(':') + 1) : name)
const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (all, hex: string, decimal: string, name: string) =>
    name ? (named[name] ?? all) : String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10)),
  )
}
