import type { Divisions } from '@fupin/platform/regions/divisions.ts'
import type { BookShapes } from './book-shapes.ts'
import type { CountyPlan } from './county-plan.ts'
import { type DepartmentRecord, recordsOf, townsperson } from './department-records.ts'
import { Mishaps, type Planted, type SurveyRows } from './errors.ts'
import type { Household } from './facts.ts'
import { drawVillage } from './households.ts'
import { IdOffice } from './people.ts'
import { dice } from './random.ts'
import type { Rates } from './rates.ts'

/** All that is made of one village, ready to be written. */
export interface MadeVillage {
  households: Household[]
  survey: SurveyRows
  records: DepartmentRecord[]
  planted: Planted[]
}

/** Makes a county village by village; only one village is held at a time. */
export function* makeCounty(
  divisions: Divisions,
  plan: CountyPlan,
  seed: number,
  rates: Rates,
  shapes: BookShapes,
): Generator<MadeVillage> {
  const office = new IdOffice(divisions, plan)
  for (const village of plan.villages) {
    if (village.households === 0) continue
    const households = drawVillage(village, office, seed, rates)
    const roll = dice(`${seed}/departments/${village.village.code}`)
    const mishaps = new Mishaps(seed, village.village.code, rates, shapes.asked)
    const survey = mishaps.survey(households)
    const records: DepartmentRecord[] = []
    for (const household of households) {
      for (const record of recordsOf(roll, household, mishaps.dead)) {
        records.push(mishaps.department(record))
        if (record.list !== 'residence' && roll.chance(rates.townspeople)) records.push(townsperson(roll, office, record))
      }
    }
    yield { households, survey, records, planted: mishaps.planted }
  }
}
