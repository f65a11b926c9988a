import { attributeOf, XmlTokens } from './xml-tokens.ts'

/** For each cell style: does it show a day? (Built-in formats 14-22, 27-36, 50-58, or a format that writes a year or a day.) */
export function dateStyles(stylesXml: string): boolean[] {
  const formats = new Map<number, string>()
  const styles: boolean[] = []
  let inCellXfs = false
  new XmlTokens({
    open(name, attributes) {
      if (name === 'numFmt') formats.set(Number(attributeOf(attributes, 'numFmtId')), attributeOf(attributes, 'formatCode') ?? '')
      if (name === 'cellXfs') inCellXfs = true
      if (name === 'xf' && inCellXfs) styles.push(isDate(Number(attributeOf(attributes, 'numFmtId') ?? 0), formats))
    },
    close(name) {
      if (name === 'cellXfs') inCellXfs = false
    },
    text() {},
  }).push(stylesXml)
  return styles
}

function isDate(id: number, formats: Map<number, string>): boolean {
  const code = formats.get(id)
  if (code === undefined) return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, '')
  return /[yd]|年|日/i.test(bare) && !/general/i.test(bare)
}

/** `yyyy-mm-dd` of Excel's day number; Excel believes in 1900-02-29 (day 60). */
export function excelDay(serial: number, from1904: boolean): string | null {
  if (!(serial >= 1) || serial > 2_958_465) return null
  const days = Math.floor(serial) + (from1904 ? 1462 : 0)
  const day = new Date(Date.UTC(1899, 11, 30) + (days < 60 ? days + 1 : days) * 86_400_000)
  return day.toISOString().slice(0, 10)
}
