import { addDays, printDate } from '../civil-date.ts'
import type { Bounded } from './bounded-saying.ts'
import { inForce, type Placed, setSpan } from './placed.ts'
import type { Random } from './random.ts'
import { type Readings, type RuleText, randomItem } from './random-item.ts'
import { RandomSayings } from './random-sayings.ts'
import { constant, every, household, not, parameter, type Saying, some, village, type World } from './saying.ts'
import { type Files, paramsFile, rulesFile } from './tiny-book.ts'

const folders: Record<string, string> = {
  '000000': '000000-national',
  '450000': '450000-guangxi',
  '450600': '450600-city',
  'deep-poverty': 'deep-poverty',
  '450621': '450621-county',
}
const words = { title: { zh: '题', en: 'title' }, covers: [] }
const cited = { cite: { doc: 'none' }, confidence: 'default' }
const days = [20150101, 20150701, 20150801, 20160101, 20160701]

/** A random book of all kinds of rule with parameters and rules by date and place, and what each rule must say anywhere, any day. */
export class RandomBook {
  readonly files: Files
  readonly rules: (Placed<RuleText> & { level: 'household' | 'village' })[] = []
  private readonly params: (Placed<number> & { type: object; scale: number })[] = []
  private readonly sayings: RandomSayings

  constructor(private readonly random: Random) {
    this.param('q_amount', { type: 'money' }, 100, 'income_year')
    this.param('q_count', { type: 'int' }, 1, 'run_date')
    this.param('q_land', { type: 'int', unit: 'mu', decimals: 2 }, 100, 'run_date')
    const named = { amounts: ['q_amount'], counts: ['q_count'], lands: ['q_land'], yesNo: [] as { id: string; part: string | null }[] }
    this.sayings = new RandomSayings(random, named)
    for (const p of this.params)
      this.rule(`read_${p.id}`, 'derived', 'household', () => {
        const value = parameter(p.id)
        return { body: { ...p.type, value: value.text }, readings: { value }, needs: [value] }
      })
    this.rule('fit', 'derived', 'household', () => this.derived('bool'))
    this.rule('amount', 'derived', 'household', () => this.derived(this.random.pick(['int', 'money'])))
    named.yesNo.push({ id: 'fit', part: null })
    this.rule('std', 'standard', 'household', () => this.standard())
    named.yesNo.push({ id: 'std', part: null }, { id: 'std', part: 'p1' })
    this.rule('barred', 'veto', 'household', () => this.veto())
    for (const i of [1, 2, 3, 4]) this.rule(`item${i}`, 'item', 'household', () => randomItem(this.random, this.sayings, i))
    this.scorecard()
    this.rule('area_count', 'derived', 'village', () => this.areaCount())
    this.rule('area_std', 'standard', 'village', () => this.areaStandard())
    this.files = this.written()
  }

  /** What a rule must say at a place and day; null where it has no version there, or needs something that has none or is stale. */
  expected(id: string, place: string, dates: { at: number; incomeYear: number }): { readings: Readings; world: World } | null {
    const rule = this.rules.find((r) => r.id === id)!
    const text = inForce(rule, place, dates)
    if (text === null || !text.needs.every((s) => this.stands(s, place, dates))) return null
    const world: World = {
      at: dates.at,
      param: (name) => inForce(this.params.find((p) => p.id === name)!, place, dates)!,
      reading: (other, name) => inForce(this.rules.find((r) => r.id === other)!, place, dates)!.readings[name],
    }
    return { readings: text.readings, world }
  }

  private stands(saying: Saying, place: string, dates: { at: number; incomeYear: number }): boolean {
    return (
      saying.params.every((name) => inForce(this.params.find((p) => p.id === name)!, place, dates) !== null) &&
      saying.rules.every((id) => this.expected(id, place, dates) !== null)
    )
  }

  /** Questions worth asking: each place, on each day of a change and the days beside it. */
  static moments(): { place: string; at: number; incomeYear: number }[] {
    return ['450621', '450602', '450100'].flatMap((place) =>
      [...days, setSpan[1], addDays(setSpan[1], 1)].flatMap((day) =>
        [-1, 0].map((by) => {
          const at = addDays(day, by)
          return { place, at, incomeYear: Math.floor(at / 10000) - (at % 2) }
        }),
      ),
    )
  }

  /** Where facts of a rule's level stand. */
  static standing = (level: 'household' | 'village') => (level === 'household' ? household : village)

  private param(id: string, type: object, scale: number, clock: Placed<number>['clock']): void {
    const { random } = this
    const most = 'unit' in type ? 300 : 400000
    // Hundredths, tenths and wholes: 2.85, 1.5, 13.
    const value = (): number => (scale === 1 ? random.whole(1, 9) : rounded(random.whole(100, most), random.pick([1, 10, 100])))
    // On the clock of the income year a value must reach back to the year before the first day.
    const first = clock === 'income_year' ? 20130101 : days[0]!
    const placed: (typeof this.params)[number] = { id, clock, type, scale, at: new Map(), staleFrom: new Map() }
    const second = random.pick(days.slice(1))
    const many = random.chance(0.5)
    placed.at.set('000000', [
      { from: first, to: many && random.chance(0.5) ? addDays(second, -1) : null, is: value() },
      ...(many ? [{ from: second, to: null, is: value() }] : []),
    ])
    for (const place of ['450000', '450600', 'deep-poverty', '450621']) {
      if (!random.chance(0.35)) continue
      const from = random.pick(days)
      placed.at.set(place, [{ from, to: random.chance(0.3) ? addDays(from, 200) : null, is: value() }])
      if (many && random.chance(0.3)) placed.staleFrom.set(place, second)
    }
    this.params.push(placed)
  }

  private rule(id: string, kind: string, level: 'household' | 'village', make: () => RuleText): void {
    const { random } = this
    const placed: (typeof this.rules)[number] = { id, clock: 'run_date', level, at: new Map(), staleFrom: new Map() }
    const text = (): RuleText => {
      const made = make()
      return { ...made, body: { kind, ...made.body } }
    }
    const second = random.pick(days.slice(1))
    const closed = random.chance(0.5)
    placed.at.set(
      '450000',
      random.chance(0.5)
        ? [{ from: days[0]!, to: null, is: text() }]
        : [
            { from: days[0]!, to: closed ? addDays(second, -1) : null, is: text() },
            { from: second, to: null, is: text() },
          ],
    )
    for (const place of ['450600', 'deep-poverty', '450621'])
      if (kind !== 'item' && random.chance(0.25)) placed.at.set(place, [{ from: random.pick(days), to: null, is: text() }])
    this.rules.push(placed)
  }

  private derived(type: string): RuleText {
    const value = type === 'bool' ? this.sayings.condition(2) : type === 'int' ? this.sayings.number(2) : this.sayings.money()
    return { body: { type, value: value.text }, readings: { value }, needs: [value] }
  }

  private veto(): RuleText {
    const when = this.sayings.condition(1)
    const unless = Array.from({ length: this.random.whole(0, 2) }, () => this.sayings.condition(1))
    const value = unless.length ? every(when, not(some(...unless))) : when
    const parts = unless.map((u, i) => ({ id: `u${i}`, ...words, covers: undefined, when: u.text }))
    return {
      body: { when: when.text, ...(parts.length ? { unless: parts } : {}) },
      readings: { value, 'part/when': when, ...Object.fromEntries(unless.map((u, i) => [`part/u${i}`, u])) },
      needs: [value],
    }
  }

  private standard(): RuleText {
    const readings: Readings = {}
    let count = 0
    const part = (depth: number): { yaml: Record<string, unknown>; saying: Saying } => {
      const id = `p${++count}`
      const nested = depth > 0 && count > 1 && this.random.chance(0.5)
      const inner = nested ? group(depth - 1) : null
      const when = inner && this.random.chance(0.6) ? null : this.sayings.condition(1)
      const saying = when && inner ? every(when, inner.saying) : (when ?? inner!.saying)
      readings[`part/${id}`] = saying
      return { yaml: { id, title: words.title, ...(when ? { when: when.text } : {}), ...(inner?.yaml ?? {}) }, saying }
    }
    const group = (depth: number): { yaml: Record<string, unknown>; saying: Saying } => {
      const yaml: Record<string, unknown> = {}
      const sayings: Saying[] = []
      const list = (key: string, many: number, join: (all: Saying[]) => Saying[]): void => {
        const parts = Array.from({ length: many }, () => part(depth))
        if (parts.length === 0) return
        yaml[key] = parts.map((p) => p.yaml)
        sayings.push(...join(parts.map((p) => p.saying)))
      }
      list('all_of', this.random.whole(1, 2), (all) => all)
      list('any_of', this.random.whole(0, 2), (all) => [some(...all)])
      list('unless', this.random.whole(0, 1), (all) => [not(some(...all))])
      return { yaml, saying: every(...sayings) }
    }
    const whole = group(2)
    readings.value = whole.saying
    return { body: whole.yaml, readings, needs: [whole.saying] }
  }

  private scorecard(): void {
    const items = this.rules.filter((r) => r.id.startsWith('item'))
    const scope = this.sayings.condition(1)
    const lines = ['a', 'b']
    this.rule('card', 'scorecard', 'household', () => {
      const readings: Readings = { scope }
      for (const line of lines) {
        const sum = (each: (low: number, high: number, value: number | undefined) => number | undefined): Saying => ({
          ...constant('', 0),
          read: (facts, world, at) => {
            let all = 0
            const open = new Set<string>()
            let unknown = false
            for (const item of items) {
              const of = (what: string): Saying => (world.reading(item.id, `${what}@${line}`) ?? world.reading(item.id, `${what}@`))!
              const [value, low, high] = [of('value'), of('low'), of('high')]
              const told = value.read(facts, world, at)
              const one = each(
                low.read(facts, world, at).value as number,
                high.read(facts, world, at).value as number,
                told.value as number | undefined,
              )
              if (one === undefined) {
                unknown = true
                for (const m of told.missing) open.add(m)
              } else all += one
            }
            return { value: unknown ? undefined : all, missing: open }
          },
        })
        readings[`total@${line}`] = sum((_, __, v) => v)
        readings[`known@${line}`] = sum((_, __, v) => v ?? 0)
        readings[`least@${line}`] = sum((low, _, v) => v ?? low)
        readings[`most@${line}`] = sum((_, high, v) => v ?? high)
      }
      return {
        body: {
          direction: 'higher_is_better_off',
          categories: [{ id: 'c', title: words.title }],
          lines,
          scope: scope.text,
          vetoes: ['barred'],
        },
        readings,
        needs: [scope, { ...constant('', 0), rules: [...items.map((i) => i.id), 'barred'] }],
      }
    })
  }

  private areaCount(): RuleText {
    const counted: Bounded = this.sayings.countedWith()
    const end = (of: Bounded['least']): Saying => ({
      ...constant('', 0),
      read: (facts, world) => ({ value: of(facts, world), missing: new Set() }),
    })
    return {
      body: { type: 'int', unknown: 'bounds', value: counted.saying.text },
      readings: { value: counted.saying, least: end(counted.least), most: end(counted.most) },
      needs: [counted.saying],
    }
  }

  private areaStandard(): RuleText {
    const parts = Array.from({ length: this.random.whole(1, 3) }, () => this.sayings.ofVillage(1))
    const value = every(...parts)
    return {
      body: { unknown: 'bounds', all_of: parts.map((p, i) => ({ id: `v${i}`, title: words.title, when: p.text })) },
      readings: { value, ...Object.fromEntries(parts.map((p, i) => [`part/v${i}`, p])) },
      needs: [value],
    }
  }

  private written(): Files {
    const texts = new Map<string, unknown[]>()
    const add = (file: string, one: unknown): void => {
      texts.set(file, [...(texts.get(file) ?? []), one])
    }
    const locked = { level: ['province', 'city', 'set', 'county'], direction: 'any' }
    for (const p of this.params)
      for (const [place, spans] of p.at) {
        const upper = p.at.get('000000')!
        const named = p.staleFrom.has(place) ? upper[0]! : upper.at(-1)!
        add(place === '450000' ? paramsFile : `${folders[place]}/params.yaml`, {
          param: p.id,
          ...p.type,
          ...(place === '000000'
            ? { title: words.title, clock: p.clock, open: locked }
            : { overrides: { place: '000000', version: printDate(named.from) } }),
          values: spans.map((s) => ({
            from: printDate(s.from),
            ...(s.to ? { to: printDate(s.to) } : {}),
            value: s.is / p.scale,
            ...cited,
          })),
        })
      }
    for (const r of this.rules)
      for (const [place, spans] of r.at) {
        const { kind } = spans[0]!.is.body
        const upper = r.at.get('450000')!
        add(place === '450000' ? rulesFile : `${folders[place]}/rules/rules.yaml`, {
          rule: r.id,
          kind,
          level: r.level,
          ...words,
          ...(kind === 'item' ? { of_scorecard: 'card', category: 'c' } : {}),
          ...(place === '450000' ? { open: locked } : { overrides: { place: '450000', version: printDate(upper.at(-1)!.from) } }),
          versions: spans.map(({ from, to, is: { body } }) => {
            const { kind: _, ...rest } = body
            return { from: printDate(from), ...(to ? { to: printDate(to) } : {}), ...cited, ...rest }
          }),
        })
      }
    add('000000-national/sets.yaml', {
      set: 'deep-poverty',
      title: words.title,
      from: printDate(setSpan[0]),
      to: printDate(setSpan[1]),
      members: ['450621'],
    })
    // JSON is YAML too.
    return Object.fromEntries([...texts].map(([file, all]) => [file, JSON.stringify(all, null, 1)]))
  }
}

const rounded = (n: number, to: number): number => Math.round(n / to) * to
