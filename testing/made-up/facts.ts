import type { VillagePlan } from './county-plan.ts'
import type { Kin } from './family.ts'
import type { Shared } from './shared-people.ts'

/** What one cell of a card says: enum values by their key, money in yuan, dates as yyyymmdd; null is an answer not given. */
export type Cell = string | number | boolean | null
/** A card by the names of the dictionary's fields. */
export type Facts = Record<string, Cell>

export interface Person extends Kin {
  /** From 1. */
  no: number
  name: string
  birth: number
  idNumber: string
  ethnic: string
  facts: Facts
}

/** What is truly so of a household, whatever the card or a department says. */
export interface Truth {
  poor: boolean
  car: boolean
  company: boolean
  /** Members with a staffed post or on the payroll, by their number. */
  onPayroll: number[]
  townHome: boolean
  landRight: boolean
  largeMachine: boolean
  away: boolean
  refusesWork: boolean
  shell: boolean
  split: boolean
}

export interface Household {
  id: string
  plan: VillagePlan
  hamlet: string
  serial: number
  /** Latent wealth: 0 is middling for the region, spread 1. */
  wealth: number
  cause: string | null
  members: Person[]
  truth: Truth
  surveyor: number
  /** The household it was split from in order to be listed. */
  splitFrom: string | null
  /** Who of it, or that it, stands in another county too. */
  shared: Shared | null
  /** The household's card in four sheets: head and marks, dwelling, land and animals, money. */
  card: Facts[]
}

const sheets = new Map<string, number>()

/** Which sheet of a card has the field, -1 for none. */
export const sheetIndex = (card: Facts[], field: string): number => card.findIndex((sheet) => field in sheet)

/** The sheet of a card on which a field stands; undefined for a field that no sheet has. */
export function sheetOf(card: Facts[], field: string): Facts | undefined {
  let at = sheets.get(field)
  if (at === undefined) {
    at = sheetIndex(card, field)
    sheets.set(field, at)
  }
  return at < 0 ? undefined : card[at]
}

/** S-curve from 0 to 1: the share that has a thing at this wealth, half of it at `middle`. */
export const likely = (wealth: number, middle: number, width: number): number => 1 / (1 + Math.exp(-(wealth - middle) / width))

/**
 * Wealth as it shows in house, goods and schooling: the poor live closer to the middle than their income does, for houses last, relatives
 * help and programmes reach them first.
 */
export const shown = (wealth: number): number => (wealth >= 0.5 ? wealth : 0.5 + 0.3 * (wealth - 0.5))

export const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))
