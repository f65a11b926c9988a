import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dictionary, Entity, EnumType, Field, UnitType } from '@fupin/rulebook/engine/dictionary.ts'
import { afterAll } from 'vitest'
import { checkCharacter } from './id-number.ts'

/** A small dictionary for tests: every type of field, members, and one department's list. */
export function aDictionary(): Dictionary {
  const field = (name: string, type: Field['type'], zh: string, en: string, more: Partial<Field> = {}): Field => ({
    name,
    type,
    label: { zh, en },
    class: 'open',
    ...more,
  })
  const fields = (...all: Field[]) => Object.fromEntries(all.map((f) => [f.name, f]))
  const values = (name: string, zh: string, ...all: [string, string, string, ...string[]][]): EnumType => ({
    name,
    label: { zh, en: name },
    values: all.map(([key, label, en, ...aliases]) => ({ key, label: { zh: label, en }, aliases })),
  })
  const household: Entity = {
    name: 'household',
    variable: 'h',
    label: { zh: '农户', en: 'household' },
    key: 'household_id',
    lists: {
      members: { name: 'members', entity: 'member', variable: 'm', label: { zh: '家庭成员', en: 'members' }, range: [0, 30] },
      vehicles: {
        name: 'vehicles',
        entity: 'vehicle',
        variable: 'r',
        label: { zh: '机动车登记', en: 'vehicles' },
        department: 'public_security',
        range: [0, 30],
      },
    },
    fields: fields(
      field('village_code', 'code', '行政村代码', 'village code'),
      field('house_area', 'int', '住房面积', 'floor area', { unit: 'm2', range: [0, 2000], card: 'A18' }),
      field('paddy_area', 'int', '水田面积', 'paddy', { unit: 'mu', decimals: 2, range: [0, 50_000], usual: [0, 6_000] }),
      field('income', 'money', '年收入', 'income', { range: [-100_000_000, 1_000_000_000] }),
      field('power', 'bool', '通电', 'power'),
      field('structure', 'enum', '主要住房结构', 'structure', { enum: 'structure' }),
      field('visited_on', 'date', '入户日期', 'visited on', { range: [20130101, 20301231] }),
      field('head_name', 'text', '户主姓名', 'head'),
    ),
  }
  const member: Entity = {
    name: 'member',
    variable: 'm',
    label: { zh: '家庭成员', en: 'member' },
    key: 'member_no',
    lists: {},
    fields: fields(
      field('name', 'text', '姓名', 'name'),
      field('sex', 'enum', '性别', 'sex', { enum: 'sex' }),
      field('birth', 'date', '出生日期', 'date of birth', { range: [18950101, 20301231] }),
      field('id_number', 'text', '身份证或残疾证号', 'ID number'),
      field('relation', 'enum', '与户主关系', 'relation', { enum: 'relation' }),
    ),
  }
  const vehicle: Entity = {
    name: 'vehicle',
    variable: 'r',
    label: { zh: '机动车登记', en: 'vehicle' },
    lists: {},
    fields: fields(
      field('kind', 'enum', '车辆类型', 'kind', { enum: 'vehicle_kind' }),
      field('value', 'money', '车辆价值', 'value', { range: [0, 1_000_000_000] }),
    ),
  }
  const unit = (name: string, kind: string, base: [number, number], zh: string, ...words: string[]): UnitType => ({
    name,
    kind,
    base,
    label: { zh, en: name },
    words,
  })
  const units = [
    unit('m2', 'area', [1, 1], '平方米', '㎡'),
    unit('mu', 'area', [10_000, 15], '亩'),
    unit('ha', 'area', [10_000, 1], '公顷'),
    unit('yuan', 'money', [100, 1], '元'),
    unit('wan_yuan', 'money', [1_000_000, 1], '万元', '万'),
  ]
  return {
    units: Object.fromEntries(units.map((u) => [u.name, u])),
    entities: { household, member, vehicle },
    enums: {
      structure: values(
        'structure',
        '结构',
        ['none', '无房', 'none'],
        ['brick_timber', '砖木', 'brick and timber', '砖木结构'],
        ['steel_concrete', '钢混', 'concrete', '05'],
      ),
      sex: values('sex', '性别', ['male', '男', 'male', '1'], ['female', '女', 'female', '2']),
      relation: values(
        'relation',
        '关系',
        ['01', '本人或户主', 'head', '户主'],
        ['02', '配偶', 'spouse'],
        ['03', '之子', 'son'],
        ['04', '之女', 'daughter'],
      ),
      vehicle_kind: values('vehicle_kind', '车辆', ['car', '小型轿车', 'car'], ['motorcycle', '摩托车', 'motorcycle']),
    },
  }
}

/** A number with a right check character from its first 17 digits: area, birth, sequence (odd = male). */
export const idNumber = (birth: number, sequence: number, area = 450621): string => {
  const first17 = `${area}${birth}${String(sequence).padStart(3, '0')}`
  return first17 + checkCharacter(first17)
}

/** A folder of files under the system's temporary folder. */
export async function aFolder(files: Record<string, string | Buffer>): Promise<string> {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

/** CSV lines from rows of cells. */
export const csv = (...rows: (string | number)[][]): string => `${rows.map((r) => r.join(',')).join('\n')}\n`

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** A folder that goes when the tests of a file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fupin-survey-'))
  made.push(folder)
  return folder
}
