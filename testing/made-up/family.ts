import type { Dice } from './random.ts'

/** 与户主关系, codes of the 2015 card: 01 head, 02 spouse, 03 son, 04 daughter, 05 daughter-in-law, 07 grandson ... 11 father, 12 mother, 99 other. */
export type Relation = '01' | '02' | '03' | '04' | '05' | '07' | '08' | '11' | '12' | '99'

/** A person of a family before names, numbers and living: who they are to one another and how old. */
export interface Kin {
  male: boolean
  /** Full years on the day of the round. */
  age: number
  relation: Relation
  /** Came into the family by marriage. */
  marriedIn: boolean
}

export type FamilyShape = 'alone' | 'family'

/** Chance that a person of that age is still alive, for co-residing parents. */
const alive = (age: number, male: boolean): number => (age < 55 ? 0.97 : Math.max(0.03, 1 - ((age - 50) / (male ? 38 : 44)) ** 1.6))

/**
 * Draws one household: alone, or a couple of working age with children, grown sons' families below and parents above. The member of the
 * oldest generation is the head until about 64; the order is head, spouse, then by age.
 */
export function drawFamily(dice: Dice): Kin[] {
  return dice.next() < 0.09 ? alone(dice) : household(dice)
}

function alone(dice: Dice): Kin[] {
  const old = dice.chance(0.72)
  const male = dice.chance(old ? 0.45 : 0.85)
  return [{ male, age: old ? dice.between(61, 88) : dice.between(28, 60), relation: '01', marriedIn: false }]
}

function household(dice: Dice): Kin[] {
  const age = Math.max(23, Math.min(80, Math.round(43.7 + dice.normal() * 14.6)))
  const man: Kin | null = dice.chance(alive(age, true) * 0.985) ? kin(true, age) : null
  const wifeAge = Math.max(20, age - 2 + Math.round(dice.normal() * 2.5))
  const wife: Kin | null = !man || dice.chance(alive(wifeAge, false) * 0.965) ? { ...kin(false, wifeAge), marriedIn: true } : null
  const { sons, daughters } = children(dice, wifeAge)
  const heir = sons.find((son) => son.age >= 24 && dice.chance(0.6))
  const below: Kin[] = []
  const heirWife = heir && dice.chance(0.9) ? { ...kin(false, Math.max(19, heir.age - dice.between(-1, 4))), marriedIn: true } : null
  if (heir && heirWife) {
    for (let next = heirWife.age - dice.between(20, 24); next >= 0 && below.length < 3; next -= dice.between(2, 4)) {
      if (dice.chance(0.93)) below.push(kin(dice.chance(0.517), next))
    }
  }
  const above = age < 66 && dice.chance(0.63) ? parents(dice, age) : []
  const brother = age < 45 && above.length > 0 && dice.chance(0.08) ? [kin(dice.chance(0.85), Math.max(18, age - dice.between(2, 9)))] : []
  return name(man, wife, heir, heirWife, [...sons, ...daughters], below, above, brother)
}

const kin = (male: boolean, age: number): Kin => ({ male, age, relation: '99', marriedIn: false })

/** Children still in the household register: daughters leave when they marry, sons when they set up their own house. */
function children(dice: Dice, motherAge: number): { sons: Kin[]; daughters: Kin[] } {
  const sons: Kin[] = []
  const daughters: Kin[] = []
  const wanted = 1 + (dice.chance(0.88) ? 1 : 0) + (dice.chance(0.66) ? 1 : 0) + (dice.chance(0.39) ? 1 : 0)
  let bornWhen = dice.between(19, 26)
  for (let i = 0; i < wanted && bornWhen <= Math.min(motherAge, 43); i++) {
    const age = motherAge - bornWhen
    const male = dice.chance(0.517)
    const stays =
      age < 19 ||
      (male ? age < 24 || dice.chance(sons.some((son) => son.age >= 24) ? 0.05 : 0.2) : age < 23 ? dice.chance(0.2) : dice.chance(0.05))
    if (stays) (male ? sons : daughters).push(kin(male, age))
    bornWhen += dice.between(2, 4)
  }
  return { sons, daughters }
}

function parents(dice: Dice, age: number): Kin[] {
  const fatherAge = age + dice.between(21, 31)
  const motherAge = fatherAge - dice.between(-1, 5)
  const list: Kin[] = []
  if (fatherAge < 95 && dice.chance(alive(fatherAge, true))) list.push(kin(true, fatherAge))
  if (motherAge < 95 && dice.chance(alive(motherAge, false))) list.push({ ...kin(false, motherAge), marriedIn: true })
  return list
}

/** Chooses the head and names everyone's relation to the head. */
function name(
  man: Kin | null,
  wife: Kin | null,
  heir: Kin | undefined,
  heirWife: Kin | null,
  children: Kin[],
  below: Kin[],
  above: Kin[],
  aside: Kin[],
): Kin[] {
  const own = (list: Kin[]) =>
    list.forEach((one) => {
      one.relation = one.male ? '03' : '04'
    })
  const [elder] = above
  if (elder && man && elder.age < 66) {
    elder.relation = '01'
    if (above[1]) above[1].relation = '02'
    man.relation = '03'
    if (wife) wife.relation = '05'
    for (const child of children) child.relation = child.male ? '07' : '08'
    own(aside)
    return [...above, man, ...(wife ? [wife] : []), ...aside, ...children]
  }
  const head = man ?? wife ?? above[0] ?? children[0]
  own(children)
  if (wife) wife.relation = '02'
  head.relation = '01'
  const inLaw = man === null
  for (const parent of above) parent.relation = inLaw ? '99' : parent.male ? '11' : '12'
  if (heirWife && heir) heirWife.relation = '05'
  for (const grandchild of below) grandchild.relation = grandchild.male ? '07' : '08'
  const rest = [...children, ...(heirWife ? [heirWife] : []), ...below, ...above, ...aside].filter((one) => one !== head)
  return [head, ...(wife && wife !== head ? [wife] : []), ...rest]
}
