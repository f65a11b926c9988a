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
import { sharedOf } from './shared-people.ts'
import { type Said, saidOf } from './tally.ts'

/** All that is made of one household, ready to be written. */
export interface MadeHousehold {
  household: Household
  said: Said
  survey: SurveyRows
  records: DepartmentRecord[]
  planted: Planted[]
}

/**
 * Makes a county household by household, one at a time. People, departments' rows and mishaps have a stream of dice each, so that another
 * rate of errors leaves the families as they are.
 */
export function* makeCounty(
  divisions: Divisions,
  plan: CountyPlan,
  seed: number,
  rates: Rates,
  shapes: BookShapes,
): Generator<MadeHousehold> {
  const office = new IdOffice(divisions, plan)
  const shared = sharedOf(divisions, plan, office, seed, rates.acrossCounties)
  for (const village of plan.villages) {
    const roll = dice(`${seed}/departments/${village.village.code}`)
    const mishaps = new Mishaps(seed, village.village.code, rates, shapes.asked)
    for (const household of drawVillage(village, office, seed, rates, shared)) {
      mishaps.begin(household)
      const held = recordsOf(roll, household, mishaps.dead)
      const said = saidOf(household, held)
      const records: DepartmentRecord[] = []
      for (const record of held) {
        records.push(mishaps.department(record))
        if (record.list === 'residence') continue
        for (let left = rates.townspeople; left > 0; left--) if (roll.chance(left)) records.push(townsperson(roll, office, record))
      }
      const survey = mishaps.survey(household)
      yield { household, said, survey, records, planted: mishaps.planted }
    }
  }
}
