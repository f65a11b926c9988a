import { clamp, type Facts, type Household, likely, shown } from './facts.ts'
import type { Dice } from './random.ts'

/** 住房、家电、农机、机动车、水、电、路 (A18-A24, A36-A49): what a visitor sees, driven by the household's wealth. */
export function dwell(dice: Dice, household: Household): Facts {
  const { truth } = household
  const wealth = shown(household.wealth)
  const persons = household.members.length
  const has = (middle: number, width = 0.7) => dice.chance(likely(wealth, middle, width))
  const quality = wealth + 0.55 * dice.normal()
  const structure = structureOf(dice, quality)
  const grade = gradeOf(dice, structure, quality)
  const good = structure === 'brick_concrete' || structure === 'steel_concrete'
  const none = structure === 'none'
  const area = none ? 0 : Math.round(clamp(persons * (22 + 11 * quality + 5 * dice.normal()) + 18, 14, 480))
  const floors = none
    ? 0
    : good
      ? 1 + (dice.chance(likely(quality, 0.5, 0.5)) ? 1 : 0) + (dice.chance(likely(quality, 1.6, 0.4)) ? 1 : 0)
      : 1
  const built = clamp(Math.round((good ? 2004 : structure === 'brick_timber' ? 1993 : 1982) + 6 * dice.normal() + 2 * quality), 1950, 2015)
  const remote = -0.45 * wealth + 0.8 * dice.normal() + (household.plan.poorVillage ? 0.4 : -0.3)
  const tap = dice.chance(likely(-remote, -0.5, 0.6))
  const dry = !tap && dice.chance(likely(remote, 1.69, 0.5))
  const waterDistance = tap ? 0 : Math.round(clamp(120 * Math.exp(0.9 * remote + 0.5 * dice.normal()), 5, 6000) / 5) * 5
  const roadDistance = Math.round(clamp(350 * Math.exp(0.9 * remote + 0.4 * dice.normal()), 10, 12000) / 10) * 10
  const path = remote < 0.15 ? 'hardened' : remote < 1 ? (dice.chance(0.6) ? 'hardened' : 'gravel') : dice.chance(0.45) ? 'gravel' : 'earth'
  const power = dice.chance(0.9965)
  const tv = power && has(-2.1, 0.6)
  const workersAway = household.members.filter((m) => Number(m.facts.work_months) >= 6 && m.facts.work_place !== 'county').length
  return {
    house_area: area,
    house_structure: structure,
    house_grade: none ? 'D' : grade,
    house_new: built >= 2012,
    house_built_year: none ? null : built,
    house_floors: floors,
    house_good_fittings: good && floors >= 2 && dice.chance(likely(wealth, 0.2, 0.42)),
    house_tenure: none ? dice.pick(['borrowed', 'borrowed', 'rented']) : wealth < -1 && dice.chance(0.08) ? 'shared' : 'own',
    house_dangerous: none || grade === 'C' || grade === 'D',
    house_renovated: built >= 2009 && wealth < 0.2 && dice.chance(0.3),
    second_house: has(2.6, 0.6),
    town_homes: truth.townHome && dice.chance(0.5) ? 1 : 0,
    town_homes_resettled: 0,
    town_shop: truth.landRight && dice.chance(0.4),
    tv_set: tv,
    fridge: power && has(-0.15),
    washing_machine: power && has(0.2),
    water_heater: power && has(0.55),
    computer: power && has(1.55, 0.6),
    large_audio: power && has(2, 0.6),
    other_appliances: power ? clamp(Math.round(1.2 + 0.9 * wealth + dice.normal()), 0, 9) : 0,
    tractors: has(2.5, 0.65) ? 1 : 0,
    harvesters: truth.largeMachine && dice.chance(0.5) ? 1 : 0,
    transplanters: has(4, 0.5) ? 1 : 0,
    tillers: has(1.05, 0.8) ? 1 : 0,
    rice_mills: has(1.7, 0.8) ? 1 : 0,
    other_machines: has(0.6, 1) ? dice.between(1, 2) : 0,
    motorcycles: (has(-0.5, 0.7) ? 1 : 0) + (has(1.5, 0.6) ? 1 : 0),
    electric_vehicles: has(0.7, 0.8) ? 1 : 0,
    other_vehicles: has(3.2, 0.6) ? 1 : 0,
    car_declared: truth.car ? dice.chance(wealth < 0.5 ? 0.55 : 0.93) : false,
    company_declared: truth.company ? dice.chance(wealth < 0.5 ? 0.5 : 0.9) : false,
    post_declared: truth.onPayroll.length > 0 ? dice.chance(0.9) : false,
    water_difficult: dry || waterDistance > 1200,
    water_source: tap
      ? dice.chance(0.55)
        ? 'treated_tap'
        : 'protected'
      : dry
        ? 'rain'
        : dice.pick(['protected', 'protected', 'unprotected', 'river']),
    water_distance: waterDistance,
    water_dry_months: dry ? dice.between(2, 5) : 0,
    water_safe: tap || dice.chance(0.62),
    water_solved: !dry && waterDistance <= 1200,
    water_litres: dry ? dice.between(12, 28) : dice.between(30, 90),
    water_minutes: tap ? 0 : Math.round(clamp(waterDistance / 28, 1, 240)),
    water_assured: dry ? dice.between(70, 89) : dice.between(90, 99),
    power,
    production_power: power && dice.chance(0.9),
    tv_signal: dice.chance(0.975),
    tv,
    internet: power && has(0.5, 0.7),
    road_distance: roadDistance,
    path_type: path,
    clinic_distance: Math.round(clamp(1800 * Math.exp(0.45 * remote + 0.4 * dice.normal()), 100, 25000) / 50) * 50,
    road_passable: path !== 'earth' || dice.chance(0.45),
    road_width: path === 'earth' ? dice.pick([0, 150, 200, 250]) : dice.pick([250, 300, 350, 350, 400, 450]),
    toilet: has(-0.1, 0.8),
    fuel: has(0.9, 0.7) ? dice.pick(['gas', 'electricity', 'biogas']) : dice.chance(0.9) ? 'wood' : 'biogas',
    cooperative: has(2.4, 0.9),
    steady_workers_away: workersAway,
    machine_value: truth.largeMachine ? dice.between(31, 120) * 1000 : 0,
    new_house_percent: 0,
    joint_housing: truth.split,
    joint_area: area,
    joint_persons: persons,
    hamlet_road: path,
    road_in_reserve: false,
    water_clear: tap || dice.chance(0.8),
    water_harmless: tap || dice.chance(0.95),
    smartphone: has(-0.9, 0.9),
  }
}

function structureOf(dice: Dice, quality: number): string {
  if (quality < -2.7) return dice.chance(0.4) ? 'none' : 'earth'
  if (quality < -1.15) return 'earth'
  if (quality < -0.55) return dice.chance(0.25) ? 'timber' : 'brick_timber'
  if (quality < 0) return dice.chance(0.6) ? 'brick_timber' : 'brick_concrete'
  return quality < 2.1 ? 'brick_concrete' : dice.chance(0.6) ? 'steel_concrete' : 'brick_concrete'
}

function gradeOf(dice: Dice, structure: string, quality: number): string {
  const worn = dice.normal() * 0.6 - quality
  if (structure === 'earth') return worn > 1.7 ? 'D' : worn > 0.15 ? 'C' : 'B'
  if (structure === 'timber' || structure === 'brick_timber') return worn > 1.4 ? 'D' : worn > 0.1 ? 'C' : worn > -0.2 ? 'B' : 'A'
  return worn > 0.78 ? 'C' : worn > -0.1 ? 'B' : 'A'
}
