/** What differs between the two databases; everything else in the compiled text is the same. */
export interface Dialect {
  name: 'duckdb' | 'postgres'
  /** Integer division that cuts towards zero. */
  divide(a: string, b: string): string
  /** A type wide enough for the product of two 53-bit integers. */
  wide: string
  /** Civil days between two days made with make_date. */
  days(later: string, earlier: string): string
  /** A constant shifted right by a code times a width, 64 bits wide. */
  shiftRight(constant: string, code: string, width: number): string
  /** How many rows of a group a test holds for. */
  countIf(test: string): string
  /** A date moved by whole days. */
  shift(date: string, days: string): string
}

export const duckdb: Dialect = {
  name: 'duckdb',
  divide: (a, b) => `(${a} // ${b})`,
  wide: 'HUGEINT',
  days: (later, earlier) => `CAST(${later} - ${earlier} AS BIGINT)`,
  shiftRight: (constant, code, width) => `(CAST(${constant} AS BIGINT) >> (CAST(${code} AS BIGINT) * ${width}))`,
  countIf: (test) => `CAST(countif(${test}) AS BIGINT)`,
  shift: (date, days) => `(${date} + CAST(${days} AS INTEGER))`,
}

export const postgres: Dialect = {
  name: 'postgres',
  divide: (a, b) => `(${a} / ${b})`,
  wide: 'NUMERIC',
  days: (later, earlier) => `CAST(${later} - ${earlier} AS BIGINT)`,
  shiftRight: (constant, code, width) => `(CAST(${constant} AS BIGINT) >> CAST(${code} * ${width} AS INTEGER))`,
  countIf: (test) => `COUNT(*) FILTER (WHERE ${test})`,
  shift: (date, days) => `(${date} + CAST(${days} AS INTEGER))`,
}

/** A string literal. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`
/** An identifier that keeps its case. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`
