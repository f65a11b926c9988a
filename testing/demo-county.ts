import type { Rates } from './made-up/rates.ts'

/** The county of the demo: Shangsi, of which the sources tell the most; as many households as are visited there, about. */
export const demoCounty = { code: '450621', households: 50_000, seed: 20151011 }

/**
 * The demo shows a county whose township clerks have gone over the cards once: far fewer gaps and slips than usual (a fifteenth to a
 * third, by kind), chosen so that the line agrees. With the usual ones it stays an interval, which the pages show too.
 */
export const demoRates: Partial<Rates> = {
  missing: 0.001,
  noNumber: 0.0005,
  wrongCheckDigit: 0.0005,
  swappedDigits: 0.0003,
  cutBySpreadsheet: 0.0001,
  birthDiffers: 0.0005,
  nameInDepartment: 0.004,
  inTwoHouseholds: 0.0003,
  householdTwice: 0.0001,
  splitInTwo: 0.0005,
  cutInDepartment: 0.0001,
  townspeople: 0.35,
}
