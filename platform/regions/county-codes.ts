import type { Area } from './divisions.ts'

/** 县级代码变更: from this year on the county bears the new code and name; an old code of null means it was new then. */
export interface CodeChange {
  oldCode: string | null
  oldName: string
  newCode: string
  newName: string
  year: number
}

/** A county as it was at the end of some year, beside what it is called now (2023). */
export interface CountyThen {
  code: string
  name: string
  year: number
  cityCode: string
  codeNow: string
  nameNow: string
}

/**
 * The county that bears or bore `code`, as it was at the end of `year`: a list of 2015 can be read on the divisions of 2023 and the other
 * way round. Undefined for a code no county had, and for a county that did not exist yet. The record reaches back to 2013.
 */
export function countyThen(counties: Area[], changes: CodeChange[], code: string, year: number): CountyThen | undefined {
  const change = changes.find((one) => one.newCode === code || one.oldCode === code)
  const now = counties.find((county) => county.code === (change?.newCode ?? code))
  if (!now) return undefined
  const both = { year, cityCode: now.parent, codeNow: now.code, nameNow: now.name }
  if (!change || year >= change.year) return { code: now.code, name: now.name, ...both }
  if (change.oldCode === null) return undefined
  return { code: change.oldCode, name: change.oldName, ...both }
}
