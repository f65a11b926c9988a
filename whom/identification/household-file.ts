import type { Book, Form } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Entity, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { showField } from '@fupin/rulebook/engine/labels.ts'
import type { Facts } from '@fupin/rulebook/engine/run.ts'
import type { Value } from '@fupin/rulebook/engine/types.ts'
import { readFactsFrom } from '@fupin/rulebook/shelf/read-facts.ts'
import { classWords } from './class-words.ts'
import { rulesOf } from './county-rules.ts'
import { departmentForms } from './department-forms.ts'
import { type Explaining, surveySource } from './explaining.ts'
import { householdLine, householdRow } from './households.queries.ts'
import type { HouseholdFile } from './identification.contract.ts'

/** Everything the run knows of one household, in the order of the card; numbers of persons are masked. Null where there is none. */
export async function householdFile(run: Explaining, id: string): Promise<HouseholdFile | null> {
  const row = await householdRow(run.duck, id)
  const rules = row && rulesOf(run.groups, row.county_code)
  if (!row || !rules) return null
  const { dictionary } = run.book
  const root = dictionary.entities[rules.scorecard.definition.level]!
  const [found] = await readFactsFrom(run.duck, dictionary, root.name, {
    read: null,
    table: (e) => `"${e}"`,
    where: `t._key = ${row._key}`,
  })
  const facts = found!.facts
  const form = householdForm(run.book)
  const source = surveySource(typeof facts.visited_on === 'number' ? facts.visited_on : null)
  const section = (s: Form['sections'][number]): HouseholdFile['sections'][number] => ({
    id: s.id,
    title: s.title,
    facts: s.fields.flatMap(({ field, card, label }) => {
      const known = root.fields[field]
      return known ? [{ card: card ?? known.card ?? null, source, ...told(run, known, facts[field] as Value | null, label) }] : []
    }),
  })
  const own = form?.sections.filter((s) => !s.repeat) ?? []
  const whole: Form['sections'][number] = {
    id: 'all',
    title: root.label,
    entity: root.name,
    repeat: null,
    fields: Object.keys(root.fields).map((field) => ({ field, card: null, label: null, ask: null, required: false })),
  }
  return {
    line: householdLine(row, dictionary, classWords(rules)),
    county: row.county_code,
    countyName: run.countyName(row.county_code),
    sections: (own.length ? own : [whole]).map(section),
    members: members(run, root, form, facts),
    hits: await hits(run, row._key),
    findings: (
      await run.duck.rows<{ column: string | null; value: string | null; severity: 'error' | 'doubt'; zh: string; en: string }>(
        'select "column", value, severity, zh, en from finding where household_id = ? order by "row"',
        [id],
      )
    ).map((f) => ({ column: f.column ?? '', value: mask(f.value ?? ''), severity: f.severity, text: { zh: f.zh, en: f.en } })),
  }
}

/** The form of the household card: the one that asks about the household and is no department's. */
function householdForm(book: Book): Form | null {
  const forms = book.definitions.flatMap((d) => {
    const body = d.versions.at(-1)?.body
    return body?.kind === 'form' && !body.form.department && d.place !== '000000' ? [body.form] : []
  })
  return forms[0] ?? null
}

function members(run: Explaining, root: Entity, form: Form | null, facts: Facts): HouseholdFile['members'] {
  const list = root.lists.members
  const rows = facts.members
  if (!list || !Array.isArray(rows)) return []
  const entity = run.book.dictionary.entities[list.entity]!
  const asked = form?.sections.filter((s) => s.repeat === 'members').flatMap((s) => s.fields.map((f) => f.field)) ?? []
  const fields = (asked.length ? asked : Object.keys(entity.fields)).flatMap((f) => entity.fields[f] ?? [])
  return rows.map((member, i) => ({ no: i + 1, facts: fields.map((field) => told(run, field, member[field.name] as Value | null, null)) }))
}

type ToldFact = Pick<HouseholdFile['sections'][number]['facts'][number], 'field' | 'label' | 'shown' | 'known' | 'masked'>

/** A fact as shown. Free text that identifies a person (numbers, phones, accounts) is masked; names are not, the case is about them. */
function told(run: Explaining, field: Field, value: Value | null, label: Text | null): ToldFact {
  const shown = showField(field, value, run.book.dictionary)
  const masked = field.type === 'text' && field.class !== 'open' && /\d{6,}/.test(shown.zh)
  return {
    field: field.name,
    label: label ?? field.label,
    shown: masked ? { zh: mask(shown.zh), en: mask(shown.en) } : shown,
    known: value !== null && value !== undefined,
    masked,
  }
}

/** Numbers long enough to find a person by keep their ends: `450621********0417`, `138****5521`. */
export function mask(text: string): string {
  return text.replace(/\d{6,}[\dXx]?/g, (digits) =>
    digits.length >= 15
      ? `${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`
      : digits.length === 11
        ? `${digits.slice(0, 3)}****${digits.slice(-4)}`
        : `${digits.slice(0, 2)}${'*'.repeat(digits.length - 4)}${digits.slice(-2)}`,
  )
}

async function hits(run: Explaining, key: number): Promise<HouseholdFile['hits']> {
  const words = new Map(departmentForms(run.book).map((f) => [f.list, f.title]))
  const rows = await run.duck.rows<{
    list: string
    member_no: number | null
    as_of: number
    state: 'matched' | 'review'
    reason_zh: string | null
    reason_en: string | null
    record: string
    veto: string | null
  }>(
    `select h.list, h.member_no, h.as_of, h.state, h.reason_zh, h.reason_en, h.record, (select string_agg(w.id, ';' order by n) from veto_list v join veto_word w using (n) where v.list = h.list) as veto
     from hit h where h.household = ${key} order by h.list, h.source_row`,
  )
  return rows.map((r) => {
    const record = mask(
      Object.entries(JSON.parse(r.record) as Record<string, unknown>)
        .filter(([, v]) => v !== null && v !== '')
        .map(([k, v]) => `${k} ${String(v)}`)
        .join('，'),
    )
    const doubt: Text = { zh: r.reason_zh ? `${mask(r.reason_zh)} ` : '', en: r.reason_en ? `${mask(r.reason_en)} ` : '' }
    return {
      department: words.get(r.list) ?? { zh: r.list, en: r.list },
      asOf: printDate(r.as_of),
      state: r.state,
      shown: { zh: doubt.zh + record, en: doubt.en + record },
      member: r.member_no ?? 0,
      veto: r.veto,
    }
  })
}
