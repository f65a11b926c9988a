import type { Figure } from '../book.ts'
import { amountValue, readAmount } from './amount.ts'
import type { Fraction } from './fraction.ts'
import type { FigureCheck, Published, PublishedCell, PublishedRow } from './published.ts'
import type { Measure, Unit } from './units.ts'

/** Where expressions over published figures look up what they name. */
export class Ledger {
  private readonly cells = new Map<string, PublishedCell>()
  private readonly rows = new Map<string, PublishedRow>()

  constructor(
    readonly published: Published,
    readonly figures: Figure[],
    private readonly inputs: Map<string, PublishedCell> = new Map(),
  ) {
    for (const table of published.tables)
      for (const row of table.rows) {
        if (row.id) this.rows.set(row.id, row)
        for (const cell of row.cells) this.cells.set(nameOf(cell), cell)
      }
  }

  /** The same ledger with the inputs of one check, which stand in no table. */
  within(check: FigureCheck): Ledger {
    return new Ledger(this.published, this.figures, new Map(check.inputs.map((cell) => [nameOf(cell), cell])))
  }

  get units(): Unit[] {
    return this.published.units
  }

  cell(name: string, year: number | null): PublishedCell | undefined {
    const key = nameOf({ name, year })
    return this.inputs.get(key) ?? this.cells.get(key)
  }

  /** Names of a printed list. */
  list(id: string): string[] | undefined {
    return this.rows.get(id)?.list ?? undefined
  }

  /** How many rows of a table are of a type. */
  count(table: string, type: string): number | undefined {
    const found = this.published.tables.find((t) => t.id === table)
    return found?.rows.filter((row) => row.type === type).length
  }

  /** A number of `parameters.csv` in base units. */
  figure(id: string): { value: Fraction; measure: Measure } | null {
    const figure = this.figures.find((f) => f.id === id)
    const amount = figure && readAmount(figure.value, figure.unit)
    return amount ? amountValue(this.units, amount) : null
  }
}

/** `poor_sample(2015)`, or the bare name where a cell has no year. */
export const nameOf = (cell: { name: string; year: number | null }): string =>
  cell.year === null ? cell.name : `${cell.name}(${cell.year})`
