/** How a marked cell looks: red counts for nothing until it is repaired, yellow counts but somebody should look. */
export type Mark = 'error' | 'doubt'

const colours: Record<Mark, string> = { error: 'FFFFC7CE', doubt: 'FFFFEB9C' }

/** The styles of a workbook, to which marked twins of the styles in use are added. All others stay as they are. */
export class MarkStyles {
  private readonly formats: string[]
  private readonly fillIds: Record<Mark, number>
  private readonly newFills: string[] = []
  private readonly added: string[] = []
  private readonly twins = new Map<string, number>()
  private readonly plain = new Map<number, number>()

  /** @param xml the part `xl/styles.xml` */
  constructor(private readonly xml: string) {
    this.formats = elements(section(xml, 'cellXfs'), 'xf')
    const fills = elements(section(xml, 'fills'), 'fill')
    const place = (mark: Mark): number => {
      const known = fills.findIndex((fill) => fill.includes(`"${colours[mark]}"`))
      if (known >= 0) return known
      this.newFills.push(
        `<fill><patternFill patternType="solid"><fgColor rgb="${colours[mark]}"/><bgColor indexed="64"/></patternFill></fill>`,
      )
      return fills.length + this.newFills.length - 1
    }
    this.fillIds = { error: place('error'), doubt: place('doubt') }
    this.formats.forEach((format, i) => {
      const fill = Number(/\sfillId="(\d+)"/.exec(format)?.[1] ?? 0)
      if (fill !== this.fillIds.error && fill !== this.fillIds.doubt) return
      const bare = withoutFill(format)
      const twin = this.formats.findIndex((other, k) => k !== i && withoutFill(other) === bare && !this.isOurs(other))
      this.plain.set(i, Math.max(twin, 0))
    })
  }

  /** Were cells of this workbook marked before? */
  get marked(): boolean {
    return this.plain.size > 0
  }

  /** The style without its mark. */
  unmarked(style: number): number {
    return this.plain.get(style) ?? style
  }

  /** The marked twin of a style. */
  of(style: number, mark: Mark): number {
    const key = `${mark}${style}`
    const known = this.twins.get(key)
    if (known !== undefined) return known
    const base = this.formats[style] ?? '<xf numFmtId="0" fontId="0" borderId="0" xfId="0"/>'
    const twin = base
      .replace(/\s(?:fillId|applyFill)="[^"]*"/g, '')
      .replace(/^(<(?:\w+:)?xf)/, `$1 fillId="${this.fillIds[mark]}" applyFill="1"`)
    this.added.push(twin)
    const id = this.formats.length + this.added.length - 1
    this.twins.set(key, id)
    return id
  }

  /** The part `xl/styles.xml` with the twins in it. */
  text(): string {
    return append(append(this.xml, 'fills', this.newFills), 'cellXfs', this.added)
  }

  private isOurs(format: string): boolean {
    const fill = Number(/\sfillId="(\d+)"/.exec(format)?.[1] ?? 0)
    return fill === this.fillIds.error || fill === this.fillIds.doubt
  }
}

const withoutFill = (format: string): string => format.replace(/\s(?:fillId|applyFill)="[^"]*"/g, '')
const section = (xml: string, name: string): string =>
  new RegExp(`<(?:\\w+:)?${name}\\b[^>]*>([\\s\\S]*?)</(?:\\w+:)?${name}>`).exec(xml)?.[1] ?? ''
const elements = (xml: string, name: string): string[] =>
  xml.match(new RegExp(`<(?:\\w+:)?${name}\\b(?:[^>]*/>|[^>]*>[\\s\\S]*?</(?:\\w+:)?${name}>)`, 'g')) ?? []

function append(xml: string, name: string, more: readonly string[]): string {
  if (more.length === 0) return xml
  const prefix = new RegExp(`<(\\w+:)?${name}\\b`).exec(xml)?.[1] ?? ''
  const text = more.join('').replace(/<(\/?)(\w+:)?/g, `<$1${prefix}`)
  return xml
    .replace(
      new RegExp(`(<(?:\\w+:)?${name}\\b[^>]*?\\scount=")(\\d+)`),
      (_, before: string, n: string) => before + (Number(n) + more.length),
    )
    .replace(new RegExp(`</(?:\\w+:)?${name}>`), (end) => text + end)
}
