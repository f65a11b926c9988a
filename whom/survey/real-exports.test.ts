import { existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { findingRows } from '@fupin/platform/problems/finding-table.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSurvey } from './read-survey.ts'
import { aDictionary, temporaryFolder } from './survey-fixture.ts'
import type { SurveyMapping } from './survey-mapping.ts'

const forms = resolve(process.env.FUPIN_SHARED ?? '../shared', 'data/forms')
const here = existsSync(forms)
if (!here) console.warn(`skipped: no ${forms}; set FUPIN_SHARED to read real exports`)

let duck: Duck
beforeEach(async () => {
  duck = await Duck.open()
})
afterEach(() => duck.close())

const people: SurveyMapping[string] = {
  columns: { person_gender: 'sex', hh_pop_rep_num: 'member_no' },
  values: { sex: { F: 'female', M: 'male', no_answer: '' } },
}

describe.skipIf(!here)('exports that field tools wrote', () => {
  test('ODK Central with a file for each repeat: every person finds the submission', async () => {
    const folder = temporaryFolder()
    for (const file of ['odk-central-export_dec-demo.csv', 'odk-central-export_dec-demo-hh_pop_repeat.csv'])
      await copyFile(join(forms, file), join(folder, file))
    const read = await readSurvey(duck, {
      survey: join(folder, 'odk-central-export_dec-demo.csv'),
      dictionary: aDictionary(),
      mapping: { households: { columns: { name_head: 'head_name' } }, members: people },
    })
    expect(read).toMatchObject({ households: 10, members: 28, leftOut: 0 })
    expect(await duck.one("select count(*) as n from household where household_id like 'uuid:%' and head_name is not null")).toEqual({
      n: 10,
    })
    expect((await findingRows(duck)).filter((f) => f.code === 'unknown_household')).toEqual([])
    // Random sexes of a test form: those that say no answer are unknown, all others known.
    const sexes = await duck.one<{ known: number; empty: number }>('select count(sex) as known, count(*) - count(sex) as empty from member')
    expect(sexes!.known + sexes!.empty).toBe(28)
    expect(sexes!.known).toBeGreaterThan(0)
    expect((await findingRows(duck)).filter((f) => f.column?.includes('person_gender'))).toEqual([])
  })

  test('flat submissions with numbered columns: every person is a row', async () => {
    const folder = temporaryFolder()
    await copyFile(join(forms, 'rhomis-sample-submissions.csv'), join(folder, 'sample.csv'))
    const read = await readSurvey(duck, {
      survey: join(folder, 'sample.csv'),
      dictionary: aDictionary(),
      mapping: {
        households: { columns: { name_head: 'head_name', hh_pop_repeat_count: 'persons' } },
        members: { ...people, repeat: 'hh_pop_repeat' },
      },
    })
    expect(read.households).toBe(10)
    const counted = await duck.one<{ n: number }>('select sum(persons)::int as n from household')
    // The first submission counts five persons and has six: the only difference, and it is said.
    expect([counted!.n, read.members]).toEqual([36, 37])
    const differ = (await findingRows(duck)).filter((f) => f.code === 'persons_differ')
    expect(differ.map((f) => [f.row, f.value])).toEqual([[2, '5']])
  })
})
