/** How often things happen and go wrong in the made-up county: shares of the unit each names. Settings of the generator, not policy. */
export interface Rates {
  /** Wealth at which half of the households have a car or truck, and the share who have one whatever their wealth. */
  carMiddle: number
  carAmongPoor: number
  /** Of households: gone for three years and more; found idle by the meeting; registered without living there; split off lately. */
  away: number
  refusesWork: number
  shell: number
  split: number

  /** Of answers in fields that may stay open: not given, mean over all visits (a few surveyors leave out far more than the rest). */
  missing: number
  /** Of the answers not given: a word (未填, 看不清, 拒答) stands in the cell. */
  missingInWords: number
  /** Of persons: check digit wrong; two digits swapped; the old form of 15 digits; cut by a spreadsheet; number left out. */
  wrongCheckDigit: number
  swappedDigits: number
  oldForm: number
  cutBySpreadsheet: number
  noNumber: number
  /** Of persons: birth date that is not the number's; name miswritten on the card. */
  birthDiffers: number
  nameOnCard: number
  /** Of persons over 60: dead, but still on the card. */
  dead: number
  /** Of households: row given twice; two heads; an area below zero; a member who also stands in the household before. */
  duplicateHousehold: number
  twoHeads: number
  negativeArea: number
  inTwoHouseholds: number
  /** Of households: visited twice under two numbers; one family split in two in order to be listed; standing, with one person or whole, in another county too. */
  householdTwice: number
  splitInTwo: number
  acrossCounties: number
  /** Of rows of departments' files: name miswritten; number in the old form; check digit wrong; number cut by a spreadsheet. */
  nameInDepartment: number
  oldFormInDepartment: number
  wrongInDepartment: number
  cutInDepartment: number
  /** Rows of people who are in no survey, for each row of a surveyed person. */
  townspeople: number
}

export const usualRates: Rates = {
  carMiddle: 2,
  carAmongPoor: 0.008,
  away: 0.03,
  refusesWork: 0.003,
  shell: 0.008,
  split: 0.03,
  missing: 0.015,
  missingInWords: 0.12,
  wrongCheckDigit: 0.0025,
  swappedDigits: 0.0015,
  oldForm: 0.002,
  cutBySpreadsheet: 0.0002,
  noNumber: 0.003,
  birthDiffers: 0.002,
  nameOnCard: 0.004,
  dead: 0.004,
  duplicateHousehold: 0.0004,
  twoHeads: 0.0005,
  negativeArea: 0.0003,
  inTwoHouseholds: 0.0008,
  householdTwice: 0.0003,
  splitInTwo: 0.002,
  acrossCounties: 0.0015,
  nameInDepartment: 0.015,
  oldFormInDepartment: 0.006,
  wrongInDepartment: 0.001,
  cutInDepartment: 0.0003,
  townspeople: 1.74,
}
