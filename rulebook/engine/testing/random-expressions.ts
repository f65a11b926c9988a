import type { Random } from './random.ts'

/** Which expressions to make: plain CEL only (for the CEL libraries), or everything the rule language has. */
export interface Wanted {
  plain: boolean
}

/**
 * Random well-typed expressions about a household of the small book, as text: what an author could write.
 * Depth shrinks to leaves; `scope` says whether a member `m` is in reach.
 */
export class Expressions {
  constructor(
    private readonly random: Random,
    private readonly wanted: Wanted = { plain: false },
  ) {}

  /** A condition. */
  bool(depth: number, member = false): string {
    if (depth <= 0) return this.boolLeaf(member)
    const sub = (): string => this.bool(depth - 1, member)
    const forms: (() => string)[] = [
      () => `(${sub()} && ${sub()})`,
      () => `(${sub()} || ${sub()})`,
      () => `(${sub()} && ${sub()} && ${sub()})`,
      () => `!(${sub()})`,
      () => `(${sub()} ? ${sub()} : ${sub()})`,
      () => this.comparison(depth, member),
      () => this.comparison(depth, member),
      () => this.boolLeaf(member),
    ]
    if (!member)
      forms.push(
        () => this.listTest(depth),
        () => this.listTest(depth),
      )
    if (!this.wanted.plain)
      forms.push(
        () => `known(${this.random.chance(0.5) ? sub() : this.number(depth - 1, member)})`,
        () => `orElse(${sub()}, ${this.random.pick(['true', 'false', sub()])})`,
        () => `${this.date(depth - 1, member)} ${this.order()} ${this.date(depth - 1, member)}`,
        () => `${this.money(depth - 1, member)} ${this.order()} ${this.money(depth - 1, member)}`,
      )
    return this.random.pick(forms)()
  }

  /** A whole number without unit. */
  number(depth: number, member = false): string {
    const leaf = (): string =>
      this.random.pick([
        'h.rooms',
        'h.rooms',
        ...(member ? ['m.huge'] : ['h.huge']),
        String(this.random.whole(-3, 14)),
        ...(this.wanted.plain ? [] : ['p.rooms_min', 'h.huge', '9007199254740991', '0']),
      ])
    if (depth <= 0) return leaf()
    const sub = (): string => this.number(depth - 1, member)
    const forms: (() => string)[] = [
      () => `(${sub()} + ${sub()})`,
      () => `(${sub()} - ${sub()})`,
      () => `(${this.bool(depth - 1, member)} ? ${sub()} : ${sub()})`,
      leaf,
    ]
    if (this.wanted.plain) return this.random.pick([...forms, () => `(h.rooms * ${this.random.whole(-3, 9)})`])()
    forms.push(
      () => `(${sub()} * ${sub()})`,
      () => `floorDiv(${sub()}, ${sub()})`,
      () => `abs(${sub()})`,
      () => `least(${sub()}, ${sub()})`,
      () => `greatest(${sub()}, ${sub()})`,
      () => `orElse(${sub()}, ${sub()})`,
      () => `floorDiv(years(${this.date(depth - 1, member)}, ${this.date(depth - 1, member)}), ${this.random.whole(-2, 3)})`,
      () => `floorDiv(daysBetween(${this.date(depth - 1, member)}, ${this.date(depth - 1, member)}), ${this.random.whole(-2, 30)})`,
    )
    if (!member)
      forms.push(
        () => `size(${this.list(depth)})`,
        () => `sum(${this.list(depth)}.map(m, ${this.number(depth - 1, true)}))`,
        () => `${this.random.pick(['min', 'max'])}(${this.list(depth)}.map(m, ${this.number(depth - 1, true)}))`,
        () => `${this.random.pick(['min', 'max'])}(${this.list(depth)}.map(m, ${this.number(depth - 1, true)}), ${sub()})`,
      )
    return this.random.pick(forms)()
  }

  /** An amount in fen; rounding lives here, outside comparisons. */
  money(depth: number, member = false): string {
    const leaf = (): string =>
      this.random.pick([
        'h.income',
        'p.line',
        `yuan(${this.random.whole(0, 4000)})`,
        ...(member ? ['m.wage', 'm.wage'] : ['sum(h.vehicles.map(r, r.price))']),
      ])
    if (depth <= 0) return leaf()
    const sub = (): string => this.money(depth - 1, member)
    return this.random.pick([
      leaf,
      () => `(${sub()} + ${sub()})`,
      () => `(${sub()} - ${sub()})`,
      () => `(${sub()} * ${this.number(depth - 1, member)})`,
      () => `least(${sub()}, ${sub()})`,
      () => `(${this.bool(depth - 1, member)} ? ${sub()} : ${sub()})`,
      ...(member
        ? []
        : [
            () => `sum(${this.list(depth)}.map(m, ${this.money(depth - 1, true)}))`,
            () => `max(${this.list(depth)}.map(m, ${this.money(depth - 1, true)}), yuan(${this.random.whole(0, 9)}))`,
          ]),
    ])()
  }

  /** A rounded quotient: only as a value of its own, for the checker refuses it in comparisons. */
  quotient(depth: number): string {
    const part = (): string => `per(${this.random.chance(0.5) ? this.money(depth - 1) : this.number(depth - 1)}, ${this.number(depth - 1)})`
    return this.random.pick([
      part,
      () => `per(${this.number(depth - 1)}, ${this.number(depth - 1)}) + ${this.number(depth - 1)} * h.rooms`,
      () => `floorDiv(${this.number(depth - 1)}, per(${this.number(depth - 1)}, 2))`,
      () => `sum(h.members.map(m, per(m.wage, ${this.number(depth - 1, true)})))`,
      () => `addMonths(${this.date(depth - 1)}, per(h.rooms, 2), "${this.random.pick(['down', 'up'])}")`,
    ])()
  }

  date(depth: number, member = false): string {
    const leaf = (): string =>
      this.random.pick(['h.visit', 'asof', 'date("2016-02-29")', 'date("2015-01-31")', ...(member ? ['m.birth', 'm.birth'] : [])])
    if (depth <= 0) return leaf()
    const sub = (): string => this.date(depth - 1, member)
    return this.random.pick([
      leaf,
      () => `addMonths(${sub()}, ${this.number(depth - 1, member)}, "${this.random.pick(['down', 'up'])}")`,
      () => `addDays(${sub()}, ${this.number(depth - 1, member)})`,
      ...(member ? [] : [() => `${this.random.pick(['min', 'max'])}(${this.list(depth)}.map(m, m.birth))`]),
    ])()
  }

  private boolLeaf(member: boolean): string {
    return this.random.pick([
      'h.poor',
      'h.ill',
      ...(this.wanted.plain ? [] : ['h.code.startsWith("4506")', 'h.grade == "A"']),
      'h.grade in ["A", "B"]',
      'h.grade != "C"',
      ...(member ? ['m.insured', 'm.insured', 'm.level in ["A", "C"]', 'm.level == "B"'] : []),
    ])
  }

  private comparison(depth: number, member: boolean): string {
    return `(${this.number(depth - 1, member)} ${this.order()} ${this.number(depth - 1, member)})`
  }

  private order(): string {
    return this.random.pick(['<', '<=', '>', '>=', '==', '!='])
  }

  private list(depth: number): string {
    return this.random.chance(0.5) ? 'h.members' : `h.members.filter(m, ${this.bool(depth - 1, true)})`
  }

  private listTest(depth: number): string {
    const from = this.wanted.plain ? 'h.members' : this.list(depth)
    return `${from}.${this.random.pick(['exists', 'all'])}(m, ${this.bool(depth - 1, true)})`
  }
}
