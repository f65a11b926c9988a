import type { Book } from '../book.ts'
import { readAmount } from '../figures/amount.ts'
import type { Findings } from '../finding.ts'
import { setsOf, type Tag, type TagMember } from '../tags.ts'
import type { Reader } from './reader.ts'
import type { MapTree, Tree } from './yaml-tree.ts'

/** Reads one tag of areas: `tag, title, level, from, to, cite, confidence, count, list, members` (docs/formats.md). */
export function readTag(reader: Reader, tree: Tree): Tag | null {
  const map = reader.map(tree, 'tag')
  if (!map) return null
  reader.only(map, [
    'tag',
    'title',
    'level',
    'covers',
    'from',
    'to',
    'cite',
    'confidence',
    'span_confidence',
    'count',
    'list',
    'members',
    'note',
  ])
  const list = reader.string(map, 'list')
  if (list !== 'complete' && list !== 'incomplete')
    reader.wrong(map.at, 'tag.list', 'list 只能是 complete 或 incomplete。', 'list is complete or incomplete.')
  const note = reader.get(map, 'note')
  const head = {
    from: reader.date(reader.need(map, 'from') ?? undefined) ?? 0,
    to: reader.date(reader.get(map, 'to')) ?? null,
    cite: reader.cite(reader.need(map, 'cite') ?? undefined) ?? { doc: 'none' },
    confidence: reader.confidence(reader.need(map, 'confidence') ?? undefined) ?? ('default' as const),
  }
  return {
    id: reader.needString(map, 'tag'),
    title: reader.text(reader.get(map, 'title'), map.at),
    level: reader.needString(map, 'level'),
    covers: reader.strings(reader.get(map, 'covers')),
    ...head,
    spanConfidence: reader.confidence(reader.get(map, 'span_confidence')) ?? head.confidence,
    ...readCount(reader, reader.get(map, 'count')),
    list: list === 'complete' ? 'complete' : 'incomplete',
    members: reader.items(reader.need(map, 'members') ?? undefined).flatMap((item): TagMember[] => {
      const one = reader.map(item, 'member')
      return one ? [readMember(reader, one, head)] : []
    }),
    note: note ? reader.text(note, map.at) : null,
    at: map.at,
  }
}

function readCount(reader: Reader, tree: Tree | undefined): { count: number | null; figure: string | null } {
  const map = tree && reader.map(tree, 'count')
  if (!map) return { count: null, figure: null }
  reader.only(map, ['is', 'figure'])
  const is = readAmount(reader.string(map, 'is') ?? '', '')
  return { count: is ? Number(is.low) : null, figure: reader.string(map, 'figure') ?? null }
}

function readMember(reader: Reader, map: MapTree, head: Pick<Tag, 'from' | 'to' | 'cite' | 'confidence'>): TagMember {
  reader.only(map, ['area', 'name', 'was', 'from', 'to', 'exit_year', 'exit_planned', 'cite', 'confidence'])
  return {
    area: reader.needString(map, 'area'),
    name: reader.needString(map, 'name'),
    was: reader.strings(reader.get(map, 'was')),
    from: reader.date(reader.get(map, 'from')) ?? head.from,
    to: reader.date(reader.get(map, 'to')) ?? head.to,
    exitYear: reader.integer(reader.get(map, 'exit_year')) ?? null,
    exitPlanned: reader.integer(reader.get(map, 'exit_planned')) ?? null,
    cite: reader.cite(reader.get(map, 'cite')) ?? head.cite,
    confidence: reader.confidence(reader.get(map, 'confidence')) ?? head.confidence,
  }
}

/** Gives the tags their published counts, puts their areas into the place chain, and says what does not fit. */
export function settleTags(book: Book, findings: Findings): void {
  for (const tag of book.tags) {
    const figure = book.figures.find((f) => f.id === tag.figure)
    if (tag.figure && !figure) findings.add(tag.at, 'tag.figure', `数表没有“${tag.figure}”。`, `There is no figure "${tag.figure}".`)
    if (figure) tag.count = Number(figure.value)
    checkTag(tag, book, findings)
    if (book.sets.some((s) => s.id === tag.id)) findings.add(tag.at, 'tag.twice', `“${tag.id}”写了两次。`, `"${tag.id}" stands twice.`)
    book.sets.push(...setsOf(tag))
    const ruled = [...book.definitions, ...book.parameters].some((d) => d.place === tag.id)
    if (ruled && tag.list === 'incomplete')
      findings.add(
        tag.at,
        'tag.incomplete',
        `有规则写给“${tag.title.zh}”，但它的名单不全：规则会漏掉不知道名字的县。`,
        `Rules are written for "${tag.title.en}", whose list is incomplete: they would pass over areas whose names are not known.`,
      )
  }
}

function checkTag(tag: Tag, book: Book, findings: Findings): void {
  const names = tag.members.map((m) => m.area)
  if (tag.list === 'complete' && tag.count !== null && new Set(names).size !== tag.count)
    findings.add(
      tag.at,
      'tag.count',
      `“${tag.title.zh}”文件说有 ${tag.count} 个，名单有 ${new Set(names).size} 个。`,
      `"${tag.title.en}" has ${tag.count} areas by the document and ${new Set(names).size} by the list.`,
    )
  for (const member of tag.members) {
    if (!/^\d{6}(\d{3}(\d{3})?)?$/.test(member.area))
      findings.add(tag.at, 'tag.area', `“${member.area}”不是地区代码。`, `"${member.area}" is not a code of an area.`)
    if (names.filter((n) => n === member.area).length > 1 && member === tag.members.find((m) => m.area === member.area))
      for (const other of tag.members.filter((m) => m !== member && m.area === member.area))
        if (other.from <= (member.to ?? 99991231) && member.from <= (other.to ?? 99991231))
          findings.add(tag.at, 'tag.overlap', `“${member.name}”在同一天有两次。`, `"${member.name}" stands twice on one day.`)
    if (member.cite.doc !== 'none' && !book.sources[member.cite.doc])
      findings.add(
        tag.at,
        'cite.unknown',
        `引用的文件“${member.cite.doc}”不在 sources.yaml。`,
        `Document "${member.cite.doc}" is not in sources.yaml.`,
      )
    if (member.from < tag.from || (tag.to !== null && (member.to === null || member.to > tag.to)))
      findings.add(
        tag.at,
        'tag.span',
        `“${member.name}”的日期超出“${tag.title.zh}”的日期。`,
        `The dates of "${member.name}" go beyond those of "${tag.title.en}".`,
      )
  }
}
