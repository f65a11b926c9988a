import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { Compiler } from '@fupin/rulebook/engine/compile/compiler.ts'
import { Findings } from '@fupin/rulebook/engine/finding.ts'
import { type Facts as EngineFacts, Interpreter } from '@fupin/rulebook/engine/run.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { readShapes } from './book-shapes.ts'
import { planCounty } from './county-plan.ts'
import type { Facts } from './facts.ts'
import { type MadeHousehold, makeCounty } from './make-county.ts'
import { usualRates } from './rates.ts'

interface Scored {
  poor: boolean
  wealth: number
  score: number
  vetoed: boolean
}

let scored: Scored[]

beforeAll(async () => {
  const folder = `${booksFolder}fupin`
  const book = await openWholeBook(folder)
  const compiler = new Compiler(book, '450000', { at: 20151016, incomeYear: 2014 }, new Findings())
  const rule = compiler.rule('guangxi-2015', book.definitions[0].at)
  const card = rule?.score
  if (!card) throw new Error('The scorecard does not compile')
  const { entities } = book.dictionary
  const engineFacts = (entity: string, facts: Facts): EngineFacts => {
    const told: EngineFacts = {}
    for (const [name, field] of Object.entries(entities[entity]!.fields)) {
      const value = facts[name] ?? null
      const digits = field.type === 'money' ? 2 : (field.decimals ?? 0)
      told[name] = typeof value === 'number' && field.type !== 'date' ? Math.round(value * 10 ** digits) : value
    }
    return told
  }
  const factsOf = ({ household, records }: MadeHousehold): EngineFacts => {
    const facts = engineFacts('household', Object.assign({}, ...household.card))
    facts.members = household.members.map((member) => engineFacts('member', member.facts))
    for (const [list, { entity }] of Object.entries(entities.household!.lists))
      if (list !== 'members')
        facts[list] = records.filter((one) => one.list === list && one.household).map((one) => engineFacts(entity, one.facts))
    return facts
  }
  const rates = { ...usualRates, missing: 0, negativeArea: 0, twoHeads: 0 }
  const interpreter = new Interpreter()
  const plan = planCounty(readDivisions(), '450621', 2500, 11)
  scored = [...makeCounty(readDivisions(), plan, 11, rates, readShapes(folder))].flatMap((made) => {
    const frames = [factsOf(made)]
    const score = interpreter.evaluate(card.lines['']!.total, frames)
    const vetoed = card.vetoes.some((veto) => interpreter.evaluate(veto.node, frames) === true)
    const { truth, wealth } = made.household
    return typeof score === 'number' ? [{ poor: truth.poor, wealth, score, vetoed }] : []
  })
}, 60_000)

const at = (share: number, of: Scored[]): number => of.map((one) => one.score).sort((a, b) => a - b)[Math.floor(share * (of.length - 1))]

describe('the scores of the made-up county', () => {
  test('can be told for all but a few families whose ID numbers went wrong', () => {
    expect(scored.length).toBeGreaterThan(2450)
  })

  test('spread as the samples of 2015 do: the poor around 40 to 65, the middle near 65 to 70, the well-off above 70', () => {
    const poor = scored.filter((one) => one.poor)
    const wealthy = scored.filter((one) => one.wealth > 1.5)
    expect(at(0.1, poor)).toBeGreaterThanOrEqual(36)
    expect(at(0.9, poor)).toBeLessThanOrEqual(66)
    expect(at(0.5, scored)).toBeGreaterThanOrEqual(62)
    expect(at(0.5, scored)).toBeLessThanOrEqual(71)
    expect(at(0.5, wealthy)).toBeGreaterThanOrEqual(73)
  })

  test('a veto meets about a third where everybody is visited, and few of the poor', () => {
    const share = (of: Scored[]) => of.filter((one) => one.vetoed).length / of.length
    expect(share(scored)).toBeGreaterThan(0.2)
    expect(share(scored)).toBeLessThan(0.4)
    expect(share(scored.filter((one) => one.poor))).toBeLessThan(0.1)
  })
})
