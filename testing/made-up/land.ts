import { clamp, type Facts, type Household, likely, shown } from './facts.ts'
import type { Dice } from './random.ts'

/** 耕地、林果、养殖 (A25-A35): areas in mu with two decimals, animals in heads. */
export function farm(dice: Dice, household: Household): Facts {
  const { cause, members } = household
  const wealth = shown(household.wealth)
  const persons = members.length
  const landless = cause === 'land'
  const mu = (value: number) => Math.round(Math.max(0, value) * 100) / 100
  const some = (chance: number, mean: number) => (dice.chance(chance) ? mu(mean * Math.exp(0.7 * dice.normal() + 0.25 * wealth)) : 0)
  const heads = (chance: number, mean: number) =>
    dice.chance(chance) ? Math.max(1, Math.round(mean * Math.exp(0.6 * dice.normal() + 0.2 * wealth))) : 0
  const plot = landless ? 0.18 : Math.exp(0.22 * wealth + 0.35 * dice.normal())
  const paddy = dice.chance(landless ? 0.4 : 0.9) ? mu(persons * 0.55 * plot) : 0
  const dry = dice.chance(0.82) ? mu(persons * 0.62 * plot) : 0
  const big = dice.chance(likely(wealth, 3.4, 0.55))
  const cane = some(0.42, 3.6)
  return {
    paddy_area: paddy,
    paddy_short_area: dice.chance(0.25) ? mu(paddy * (0.2 + 0.6 * dice.next())) : 0,
    dry_area: dry,
    leased_in_area: dice.chance(likely(wealth, 2.4, 0.8)) ? some(1, 8) : 0,
    leased_out_area: dice.chance(0.12) ? mu((paddy + dry) * dice.next()) : 0,
    fish_pond_area: some(0.06, 1.4),
    sea_farm_area: 0,
    cattle: heads(likely(wealth, 1.1, 1), big ? 22 : 2.1),
    horses: heads(0.015, 1.2),
    sheep: heads(0.05, big ? 60 : 8),
    pigs: heads(likely(wealth, -0.4, 1.2), big ? 130 : 2.6),
    other_stock: 0,
    chickens: heads(0.86, big && dice.chance(0.4) ? 1500 : 14),
    ducks: heads(0.45, 9),
    geese: heads(0.08, 5),
    other_poultry: heads(0.02, 15),
    pine_area: some(0.3, 5),
    fir_area: some(0.12, 4),
    eucalyptus_area: some(0.26, 5),
    anise_area: some(0.3, 6),
    tea_oil_area: some(0.08, 3),
    other_forest_area: some(0.2, 3),
    chestnut_area: some(0.03, 2),
    walnut_area: some(0.01, 2),
    longan_area: some(0.14, 1.4),
    grape_area: some(0.01, 1.5),
    mango_area: some(0.05, 2),
    banana_area: some(0.08, 2),
    citrus_area: some(0.12, 2.5),
    other_orchard_area: some(0.04, 1.5),
    sugarcane_area: cane,
    tea_area: some(0.03, 1.2),
    mulberry_area: some(0.09, 2),
    other_cash_crop_area: some(0.2, 1.2),
    restored_forest_area: some(0.09, 2.2),
    waste_hill_area: some(0.15, 4),
    land_steady: paddy + dry > persons * 0.4,
    stock_at_scale: big,
  }
}

/** Sum of the fields of forest, orchard and cash crops that bring money, for the split of farm income. */
export const sumOf = (facts: Facts, ...names: string[]): number =>
  clamp(
    names.reduce((sum, name) => sum + Number(facts[name] ?? 0), 0),
    0,
    1e6,
  )
