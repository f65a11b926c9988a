import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { findingRows } from '@fupin/platform/problems/finding-table.ts'
import { readSurvey } from '@fupin/whom/survey/read-survey.ts'
import { aDictionary, aFolder, csv, idNumber } from '@fupin/whom/survey/survey-fixture.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CompareOptions, compareDepartments } from './compare-departments.ts'
import type { DepartmentForm } from './department-form.ts'

let duck: Duck
beforeEach(async () => {
  duck = await Duck.open()
})
afterEach(() => duck.close())

const village = '450621100201'
const [wei, qin, pan] = [idNumber(19750301, 41), idNumber(19780721, 22), idNumber(19500109, 86)]
const survey = {
  'households.csv': csv(['household_id', 'village_code'], ['H1', village], ['H2', village], ['H3', village]),
  'members.csv': csv(
    ['household_id', 'name', 'id_number'],
    ['H1', '韦建国', wei],
    ['H1', '覃桂花', qin],
    ['H2', '盘志英', pan],
    ['H3', '罗五', ''],
  ),
}
const vehicles: DepartmentForm = {
  id: 'dept.vehicles',
  department: 'public_security',
  entity: 'vehicle',
  list: 'vehicles',
  file: 'vehicles',
  title: { zh: '公安：机动车登记', en: 'public security: vehicles' },
  legalBasis: { zh: '厅发〔2015〕28号', en: 'document 28 of 2015' },
  columns: [
    { column: 'id_number', aliases: ['证件号码'], role: 'id_number' },
    { column: 'name', aliases: ['机动车所有人'], role: 'name' },
    { column: 'kind', aliases: ['车辆类型'], field: 'kind', role: 'other' },
    { column: 'value', aliases: ['车辆价值'], field: 'value', role: 'other' },
  ],
}
const head = ['证件号码', '机动车所有人', '车辆类型', '车辆价值']
const weiCar = [wei, '韦建国', '小型轿车', '56000']
const panBike = [pan, '盘志英', '摩托车', '3000.50']

async function compare(
  rows: string[][] | null,
  manifest: Record<string, unknown> = {},
  options: Partial<CompareOptions> = {},
  members = survey['members.csv'],
) {
  const folder = await aFolder({ ...survey, 'members.csv': members })
  if (rows) await deliver(folder, csv(head, ...rows), rows.length, manifest)
  await readSurvey(duck, { survey: folder, dictionary: aDictionary() })
  await duck.run('delete from finding')
  const receipts = await compareDepartments(duck, { dir: folder, forms: [vehicles], dictionary: aDictionary(), ...options })
  return {
    folder,
    receipt: receipts[0]!,
    findings: await findingRows(duck),
    hits: await duck.rows('from hit order by source_row, household'),
    records: await duck.rows('from vehicle order by _key'),
    known: (await duck.rows<{ vehicles_known: boolean }>('from household order by _key')).map((h) => h.vehicles_known),
  }
}

async function deliver(folder: string, content: string, rows: number, manifest: Record<string, unknown> = {}) {
  await writeFile(join(folder, 'vehicles.csv'), content)
  const said = {
    department: 'public_security',
    file: 'vehicles.csv',
    legal_basis: '厅发〔2015〕28号',
    as_of: '2015-09-30',
    rows,
    sha256: createHash('sha256').update(content).digest('hex'),
  }
  await writeFile(join(folder, 'vehicles.manifest.json'), JSON.stringify({ ...said, ...manifest }))
}

describe('a department’s file', () => {
  test('gives its records to the members’ households, each with the record, its source and its day', async () => {
    const { receipt, hits, records, known, findings } = await compare([
      weiCar,
      [idNumber(19900101, 77), '外人', '小型轿车', '1'],
      panBike,
      [...weiCar.slice(0, 2), '摩托车', '2000'],
    ])
    expect(receipt).toMatchObject({
      state: 'compared',
      department: 'public_security',
      file: 'vehicles.csv',
      asOf: 20150930,
      rows: 4,
      goodRows: 4,
      matched: 3,
      review: 0,
      households: 2,
      withoutNumber: 1,
      problem: null,
    })
    expect(findings).toEqual([])
    expect(records).toEqual([
      { _key: 1, _parent: 1, kind: 1, value: 5_600_000 },
      { _key: 2, _parent: 1, kind: 2, value: 200_000 },
      { _key: 3, _parent: 2, kind: 2, value: 300_050 },
    ])
    expect(hits[0]).toEqual({
      list: 'vehicles',
      household: 1,
      member_no: 1,
      department: 'public_security',
      entity: 'vehicle',
      source_file: 'vehicles.csv',
      source_row: 2,
      as_of: 20150930,
      state: 'matched',
      reason_zh: null,
      reason_en: null,
      record: JSON.stringify({ 证件号码: wei, 机动车所有人: '韦建国', 车辆类型: '小型轿车', 车辆价值: '56000' }),
    })
    expect(hits.map((h) => [h.source_row, h.household])).toEqual([
      [2, 1],
      [4, 2],
      [5, 1],
    ])
    expect(known).toEqual([true, true, true])
  })

  test('with an old 15-digit number and blanks in the name is still the same person', async () => {
    const { hits } = await compare([[`${wei.slice(0, 6)}${wei.slice(8, 17)}`, ' 韦 建国', '小型轿车', '1']])
    expect(hits).toMatchObject([{ household: 1, state: 'matched' }])
  })

  test('with a right number and another name is for a person to decide: the facts stay unknown', async () => {
    const { receipt, hits, records } = await compare([[wei, '韦建华', '小型轿车', '56000']])
    expect(receipt).toMatchObject({ matched: 0, review: 1, households: 0 })
    expect(hits).toMatchObject([{ household: 1, state: 'review', reason_zh: expect.stringContaining('名册是“韦建国”，部门是“韦建华”') }])
    expect(records).toEqual([{ _key: 1, _parent: 1, kind: null, value: null }])
  })

  test('about a person whom two households name is for a person to decide in both', async () => {
    const { hits, records } = await compare([weiCar], {}, {}, `${survey['members.csv']}H2,韦建国,${wei}\n`)
    expect(hits.map((h) => [h.household, h.state, h.reason_zh])).toEqual([
      [1, 'review', expect.stringContaining('两户填报')],
      [2, 'review', expect.stringContaining('两户填报')],
    ])
    expect(records.map((r) => r.kind)).toEqual([null, null])
  })

  test('keeps its good rows beside bad ones, which are findings of that file', async () => {
    const { receipt, hits, records, findings } = await compare([
      [`${wei.slice(0, 17)}${wei[17] === '1' ? '2' : '1'}`, '韦建国', '小型轿车', '1'],
      ['', '无号', '小型轿车', '1'],
      [pan, '盘志英', '坦克', '-5'],
    ])
    expect(receipt).toMatchObject({ state: 'compared', rows: 3, goodRows: 1, matched: 1 })
    expect(records).toEqual([{ _key: 1, _parent: 2, kind: null, value: null }])
    expect(hits).toMatchObject([{ source_row: 4, state: 'matched' }])
    expect(findings.map((f) => [f.file, f.row, f.column, f.code])).toEqual([
      ['vehicles.csv', 2, '证件号码', 'id_check'],
      ['vehicles.csv', 3, '证件号码', 'no_id_number'],
      ['vehicles.csv', 4, '车辆价值', 'negative'],
      ['vehicles.csv', 4, '车辆类型', 'unknown_value'],
    ])
  })

  test('that did not come leaves its list unknown for every household', async () => {
    const { receipt, known, hits } = await compare(null)
    expect(receipt).toMatchObject({ state: 'absent', file: null, rows: 0 })
    expect(known).toEqual([false, false, false])
    expect(hits).toEqual([])
  })

  test.for([
    ['wrong_checksum', { sha256: '0'.repeat(64) }, '文件没有收下：校验和与清单不同，多半没传完。请重新取一份。'],
    ['wrong_row_count', { rows: 9 }, '清单写 9 行，文件有 1 行'],
    ['wrong_department', { department: 'tax' }, '清单写的部门是“tax”'],
    ['no_data_file', { file: 'gone.csv' }, '“gone.csv”没有随交'],
    ['bad_manifest', { as_of: 'yesterday' }, 'as_of'],
  ] as const)('is refused whole for %s', async ([code, wrong, words]) => {
    const { receipt, known, hits, records, findings } = await compare([weiCar], wrong)
    expect(receipt).toMatchObject({ state: 'refused', problem: { zh: expect.stringContaining(words) } })
    expect(findings).toMatchObject([{ code, severity: 'error', zh: expect.stringContaining(words) }])
    expect([known, hits, records]).toEqual([[false, false, false], [], []])
  })

  test('sent again after repair gives what a right one gives', async () => {
    const { folder } = await compare([weiCar], { sha256: '0'.repeat(64) })
    await deliver(folder, csv(head, weiCar), 1)
    const [receipt] = await compareDepartments(duck, { dir: folder, forms: [vehicles], dictionary: aDictionary() })
    expect(receipt).toMatchObject({ state: 'compared', matched: 1 })
    expect(await duck.rows('select kind, value from vehicle')).toEqual([{ kind: 1, value: 5_600_000 }])
  })
})

test('a member without a number may be held as not compared: “has none” is then never concluded', async () => {
  const { records, known } = await compare([weiCar], {}, { membersWithoutNumber: 'unknown' })
  expect(records).toEqual([
    { _key: 1, _parent: 1, kind: 1, value: 5_600_000 },
    { _key: 2, _parent: 3, kind: null, value: null },
  ])
  expect(known).toEqual([true, true, true])
})
