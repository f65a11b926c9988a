import Papa from 'papaparse'
import type { AreaSet, Book, BookPlace, Definition, Parameter, Source } from '../book.ts'
import type { Dictionary } from '../dictionary.ts'
import { isPublished } from '../figures/published.ts'
import { type BookFinding, Findings } from '../finding.ts'
import { sha256 } from '../hash.ts'
import type { Tag } from '../tags.ts'
import { checkShape } from './check-shape.ts'
import { readDefinition, readParameter } from './read-definition.ts'
import { readEntity, readEnums, readUnits } from './read-dictionary.ts'
import { readFigures } from './read-figures.ts'
import { readTag, settleTags } from './read-tags.ts'
import { Reader } from './reader.ts'
import { type MapTree, readTree, type Tree } from './yaml-tree.ts'

/** One file of a book: its path inside the book's folder, with `/`. */
export interface BookFile {
  path: string
  text: string
}

/**
 * Reads a whole book from the texts of its files (no I/O here). Every fault of form becomes a finding with its place;
 * what could be read is in the book. Rules are not yet compiled: `checkBook` does that.
 */
export function loadBook(files: BookFile[]): { book: Book | null; findings: BookFinding[] } {
  const findings = new Findings()
  const reader = new Reader(findings)
  const trees = new Map<string, Tree>()
  for (const file of files) {
    if (!file.path.endsWith('.yaml') || isPublished(file.path)) continue
    const tree = readTree(file.path, file.text, findings)
    if (tree) trees.set(file.path, tree)
  }
  const head = trees.get('book.yaml')
  const map = head?.kind === 'map' ? head : null
  if (!map) {
    findings.add(
      { file: 'book.yaml', line: 1, column: 1, length: 1 },
      'book.missing',
      '这里没有 book.yaml，不是规则簿。',
      'There is no book.yaml here; this is not a rulebook.',
    )
    return { book: null, findings: findings.all }
  }
  const book = readHead(reader, map)
  book.files = Object.fromEntries(files.map((f) => [f.path, sha256(f.text)]))
  book.tables = Object.fromEntries(files.filter((f) => f.path.endsWith('.csv')).map((f) => [f.path, readCsv(f.text)]))
  for (const [path, tree] of trees) if (/^sources[^/]*\.yaml$/.test(path)) readSources(reader, tree, book)
  for (const place of book.places) readPlace(reader, trees, place, book)
  readDictionary(reader, trees, book)
  for (const [path, table] of Object.entries(book.tables))
    if (path.startsWith('figures/')) book.figures.push(...readFigures(path, table, findings))
  settleTags(book, findings)
  checkShape(book, findings)
  return { book, findings: findings.all }
}

function readHead(reader: Reader, map: MapTree): Book {
  reader.only(map, ['book', 'title', 'root', 'reference_date', 'places', 'identify', 'note'])
  const identify = reader.get(map, 'identify')
  const identifyMap = identify && reader.map(identify, 'identify')
  return {
    id: reader.needString(map, 'book'),
    title: reader.text(reader.get(map, 'title'), map.at),
    root: reader.needString(map, 'root'),
    referenceDate: reader.date(reader.need(map, 'reference_date') ?? undefined) ?? 0,
    places: reader.items(reader.need(map, 'places') ?? undefined).flatMap((item): BookPlace[] => {
      const one = reader.map(item, 'place')
      if (!one) return []
      return [
        {
          code: reader.needString(one, 'code'),
          level: reader.string(one, 'level') ?? '',
          folder: reader.needString(one, 'folder'),
          name: reader.text(reader.get(one, 'name'), one.at),
        },
      ]
    }),
    sets: [],
    tags: [],
    sources: {},
    dictionary: { entities: {}, enums: {} },
    definitions: [],
    parameters: [],
    tables: {},
    figures: [],
    identify: identifyMap ? { scorecard: reader.needString(identifyMap, 'scorecard') } : null,
    files: {},
  }
}

function readSources(reader: Reader, tree: Tree, book: Book): void {
  const map = reader.map(tree, 'sources')
  for (const item of reader.items((map && reader.get(map, 'sources')) ?? undefined)) {
    const one = reader.map(item, 'source')
    if (!one) continue
    const id = reader.needString(one, 'id')
    const source: Source = {
      id,
      title: reader.text(reader.get(one, 'title'), one.at),
      number: reader.string(one, 'number') ?? null,
      issuer: reader.string(one, 'issuer') ?? null,
      issued: reader.string(one, 'issued') ?? null,
      url: reader.string(one, 'url') ?? null,
    }
    if (book.sources[id]) reader.wrong(one.at, 'source.twice', `文件“${id}”写了两次。`, `Source "${id}" stands twice.`)
    book.sources[id] = source
  }
}

function readPlace(reader: Reader, trees: Map<string, Tree>, place: BookPlace, book: Book): void {
  for (const [path, tree] of [...trees].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!path.startsWith(`${place.folder}/`)) continue
    const name = path.slice(place.folder.length + 1)
    if (/^params[^/]*\.yaml$/.test(name))
      book.parameters.push(...reader.items(tree).flatMap((t): Parameter[] => listed(readParameter(reader, t, place.code))))
    else if (name === 'sets.yaml') book.sets.push(...readSets(reader, tree))
    else if (name.startsWith('tags/')) book.tags.push(...reader.items(tree).flatMap((t): Tag[] => listed(readTag(reader, t))))
    else if (/^(rules|codes|forms|departments)\//.test(name)) {
      const all = tree.kind === 'seq' ? tree.items : [tree]
      book.definitions.push(...all.flatMap((t): Definition[] => listed(readDefinition(reader, t, place.code))))
    }
  }
}

function readSets(reader: Reader, tree: Tree): AreaSet[] {
  return reader.items(tree).flatMap((item): AreaSet[] => {
    const map = reader.map(item, 'set')
    if (!map) return []
    return [
      {
        id: reader.needString(map, 'set'),
        title: reader.text(reader.get(map, 'title'), map.at),
        from: reader.date(reader.get(map, 'from')) ?? 0,
        to: reader.date(reader.get(map, 'to')) ?? null,
        members: reader.strings(reader.get(map, 'members')),
      },
    ]
  })
}

function readDictionary(reader: Reader, trees: Map<string, Tree>, book: Book): void {
  const dictionary: Dictionary = book.dictionary
  for (const [path, tree] of trees) {
    if (!path.startsWith('dictionary/entities/')) continue
    const entity = readEntity(reader, tree)
    if (entity) dictionary.entities[entity.name] = entity
  }
  for (const [path, tree] of trees)
    if (path === 'dictionary/units.yaml') readUnits(reader, tree, dictionary)
    else if (/^dictionary\/enums[^/]*\.yaml$/.test(path))
      readEnums(reader, tree, dictionary, (id) => book.definitions.find((d) => d.id === id))
}

/** Tables of numbers that a book carries, as rows of texts. */
const readCsv = (text: string): string[][] => Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: true }).data

const listed = <T>(one: T | null): T[] => (one ? [one] : [])
