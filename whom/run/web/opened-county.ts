import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { areaFigures } from '@fupin/whom/identification/area-figures.ts'
import { classWords } from '@fupin/whom/identification/class-words.ts'
import { countyLine } from '@fupin/whom/identification/county-line.ts'
import { findingPage, orderFindings } from '@fupin/whom/identification/findings.queries.ts'
import { householdFile } from '@fupin/whom/identification/household-file.ts'
import { householdPage } from '@fupin/whom/identification/households.queries.ts'
import type {
  CountyLine,
  FindingPage,
  FindingQuery,
  HouseholdFile,
  HouseholdPage,
  HouseholdQuery,
  MapArea,
  MapQuery,
  Why,
} from '@fupin/whom/identification/identification.contract.ts'
import { usualBand } from '@fupin/whom/identification/identify.ts'
import { whyOf } from '@fupin/whom/identification/why.ts'
import { type Format, isOutput, writeOutputs } from '@fupin/whom/identification/write-results.ts'
import { type OpenedPart, type OpenedRun, openPart } from '../open-part.ts'
import { placeName } from './short-name.ts'

/** Memory of one county's database. */
const memory = '1GB'
/** A county of more households stands in a file, which takes a third longer and keeps memory bounded. */
const mostInMemory = 60_000

/** One county of a run laid open: everything that a run of this county alone could be asked. */
export class OpenedCounty {
  private writing: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly run: OpenedRun,
    private readonly part: OpenedPart,
    /** Where its database and exports stand. */
    readonly folder: string,
  ) {}

  /**
   * Computes the county again from snapshot and book, in a database that, like its exports, stands in `folder` where it is large.
   * @throws Problem where it comes out otherwise than the run wrote.
   */
  static async open(run: OpenedRun, county: string, folder: string): Promise<OpenedCounty> {
    await mkdir(folder, { recursive: true })
    const large = (run.snapshot.manifest.counties.find((c) => c.code === county)?.households ?? 0) > mostInMemory
    const duck = await Duck.open(large ? { file: join(folder, 'county.duckdb'), memory } : { memory })
    try {
      const part = await openPart(duck, run, county)
      await orderFindings(duck)
      return new OpenedCounty(run, part, folder)
    } catch (error) {
      duck.close()
      throw error
    }
  }

  async line(county: string): Promise<CountyLine | null> {
    if (county !== this.part.county) return null
    const { duck, groups, drawn } = this.part
    return countyLine(duck, groups[0]!, drawn, placeName(county), this.run.record.band ?? usualBand)
  }

  households(query: HouseholdQuery): Promise<HouseholdPage> {
    return householdPage(this.part.duck, query, this.run.book.dictionary, classWords(this.part.groups[0]!))
  }

  household(id: string): Promise<HouseholdFile | null> {
    return householdFile(this.part, id)
  }

  why(id: string): Promise<Why | null> {
    return whyOf(this.part, id)
  }

  map(query: MapQuery): Promise<MapArea[]> {
    return areaFigures(this.part.duck, query)
  }

  findings(query: FindingQuery): Promise<FindingPage> {
    return findingPage(this.part.duck, query)
  }

  /** A file of the county's own results, made when it is first asked for; `run.json` is the whole run's. */
  async exportFile(name: string): Promise<{ path: string } | null> {
    if (name === 'run.json') return { path: join(this.run.folder, name) }
    const format = /\.(parquet|csv|xlsx)$/.exec(name)?.[1] as Format | undefined
    if (!format || !isOutput(name)) return null
    const out = join(this.folder, format)
    const { made_up, defaults } = this.run.record
    // One writer at a time; whoever asks for the same format meanwhile gets what the first made.
    const made = this.writing.then(async () => {
      if (!existsSync(join(out, name))) await writeOutputs(this.part.duck, out, [format], made_up, defaults)
    })
    this.writing = made.catch(() => {})
    await made
    const path = join(out, name)
    return existsSync(path) ? { path } : null
  }

  close(): void {
    this.part.duck.close()
  }
}
