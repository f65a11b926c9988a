import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import { inForce, membersOn, type Tag, type TagMember, tagsOf } from '@fupin/rulebook/engine/tags.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import type { Command } from 'commander'
import { dateOf, language, perform, type Status } from '../report.ts'

interface Options {
  book: string
  on?: string
  county?: string
  tag?: string
  json?: boolean
}

/** `fupin rules tags`: which classes a county belongs to on a day, and which counties a class has. */
export function rulesTags(rules: Command): void {
  rules
    .command('tags')
    .description('县的分类（国定、区定、片区、深度贫困等），按日期 · classes of counties on a day')
    .option('--book <folder>', '规则簿 · book', `${booksFolder}fupin`)
    .option('--on <date>', '哪一天，默认为规则簿的基准日 · day; default: the reference date of the book')
    .option('--county <code>', '县代码（新旧都可）或县名 · code of a county, old or new, or its name')
    .option('--tag <id>', '一个分类的县 · counties of one class')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) => perform(() => tags(options)))
}

async function tags({ book: folder, on, county, tag, json }: Options): Promise<Status> {
  const book = await openWholeBook(folder)
  const day = dateOf(on) ?? book.referenceDate
  const asked = book.tags.filter((t) => !tag || t.id === tag)
  if (tag && asked.length === 0)
    throw new Problem('call.tag', {
      zh: `没有分类“${tag}”；有 ${book.tags.map((t) => t.id).join('、')}。`,
      en: `There is no class "${tag}"; there are ${book.tags.map((t) => t.id).join(', ')}.`,
    })
  const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
  if (county) {
    const found = tagsOf(asked, codeOf(county), day)
    // A class whose names are not known may hold any county: that is said, never taken as "no".
    const open = asked.filter((t) => t.list === 'incomplete' && inForce(t, day) && !found.some((f) => f.tag.id === t.id))
    if (json)
      print({
        county,
        on: printDate(day),
        tags: found.map(({ tag: t, member }) => ({ tag: t.id, ...member })),
        unknown: open.map((t) => t.id),
      })
    else {
      for (const { tag: t, member } of found)
        process.stdout.write(`${t.id}  ${t.title[language]}  ${memberText(t, member)}  ${sourceOf(book, member)}\n`)
      if (open.length)
        process.stdout.write(
          language === 'zh'
            ? `名单不全，不能判断：${open.map((t) => t.title.zh).join('、')}\n`
            : `Not known, because the list is incomplete: ${open.map((t) => t.title.en).join(', ')}\n`,
        )
    }
    return found.length + open.length ? 0 : 1
  }
  const lists = asked.map((t) => ({ tag: t, members: membersOn(t, day) }))
  if (json)
    print(
      lists.map(({ tag: t, members }) => ({
        tag: t.id,
        title: t.title,
        on: printDate(day),
        inForce: inForce(t, day),
        count: t.count,
        list: t.list,
        cite: t.cite,
        confidence: t.confidence,
        members,
      })),
    )
  else
    for (const { tag: t, members } of lists) {
      process.stdout.write(`${headLine(book, t, members, day)}\n`)
      if (tag) for (const m of members) process.stdout.write(`  ${m.area}  ${m.name}  ${memberText(t, m)}  ${sourceOf(book, m)}\n`)
    }
  return lists.length ? 0 : 1
}

/** The code of a county by its name, or by any code it bears or bore. @throws Problem for what is no county. */
function codeOf(text: string): string {
  const { counties, codeChanges } = readDivisions()
  const found =
    counties.find((c) => c.name === text || c.code === text)?.code ??
    codeChanges.find((c) => c.oldCode === text || c.oldName === text)?.newCode
  if (found) return found
  throw new Problem('call.county', {
    zh: `没有“${text}”这个县；写县名或六位代码，新旧都可。`,
    en: `There is no county "${text}"; give its name or a code of six digits, old or new.`,
  })
}

function memberText(tag: Tag, member: TagMember): string {
  const sure =
    tag.spanConfidence === tag.confidence ? '' : language === 'zh' ? `（日期 ${tag.spanConfidence}）` : ` (dates ${tag.spanConfidence})`
  const span = `${printDate(member.from)}..${member.to === null ? '' : printDate(member.to)}${sure}`
  const planned = member.exitPlanned ? (language === 'zh' ? ` 计划${member.exitPlanned}年摘帽` : ` planned exit ${member.exitPlanned}`) : ''
  return `${span}${planned}${member.exitYear ? (language === 'zh' ? ` ${member.exitYear}年摘帽` : ` exit ${member.exitYear}`) : ''}`
}

function headLine(book: Book, tag: Tag, members: TagMember[], day: number): string {
  const known = `${members.length}`
  const said = tag.count === null ? '' : language === 'zh' ? `，文件说 ${tag.count} 个` : `, ${tag.count} by the document`
  const list = tag.list === 'complete' ? '' : language === 'zh' ? '（名单不全）' : ' (list incomplete)'
  const force = inForce(tag, day) ? '' : language === 'zh' ? '，这一天不在有效期' : ', not in force on this day'
  return language === 'zh'
    ? `${tag.id}  ${tag.title.zh}  已知 ${known} 个${said}${list}${force}  ${sourceOf(book, tag)}${tag.note ? `  ${tag.note.zh}` : ''}`
    : `${tag.id}  ${tag.title.en}  ${known} known${said}${list}${force}  ${sourceOf(book, tag)}${tag.note ? `  ${tag.note.en}` : ''}`
}

const sourceOf = (book: Book, { cite, confidence }: Pick<Tag, 'cite' | 'confidence'>): string =>
  `${book.sources[cite.doc]?.title[language] ?? cite.doc}${cite.at ? ` ${cite.at}` : ''} ${confidence}`
