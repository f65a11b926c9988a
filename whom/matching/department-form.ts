import type { Text } from '@fupin/rulebook/engine/definition.ts'

/** The layout of one department's file, as the book gives it. */
export interface DepartmentForm {
  /** `dept.vehicles` */
  id: string
  department: string
  entity: string
  list: string
  /** Base name of the manifest and of the data file. */
  file: string
  title: Text
  legalBasis: Text | null
  columns: DepartmentColumn[]
}

export interface DepartmentColumn {
  /** The column's own name; a file may also write the field's label or an alias. */
  column: string
  aliases: string[]
  /** Field of the entity that the column fills. */
  field?: string | null
  role?: 'id_number' | 'name' | 'other'
}

/** What came of one department's file. */
export interface Receipt {
  department: string
  list: string
  entity: string
  title: Text
  legalBasis: Text | null
  state: 'compared' | 'absent' | 'refused'
  /** Data file without folder. */
  file: string | null
  sha256: string | null
  /** yyyymmdd */
  asOf: number | null
  /** All rows of the file, and those with a number that can be compared. */
  rows: number
  goodRows: number
  /** Records that belong to a member beyond doubt, and those a person must look at. */
  matched: number
  review: number
  /** Households with a record beyond doubt. */
  households: number
  /** Members who could not be compared because their own number is unknown. */
  withoutNumber: number
  /** Why it was refused. */
  problem: Text | null
}
