import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Sentence, sentenceOf } from '@fupin/platform/problems/problem.ts'
import type { OpenedRun } from '../open-part.ts'
import { OpenedCounty } from './opened-county.ts'
import { passingFolder } from './passing-folder.ts'

/** Counties kept open, least lately used first to go. */
const usuallyOpen = 3
/** Households opened in a second, until there is something to reckon from. */
const firstGuess = 12_000

/** How far the opening of a county is. */
export interface Opening {
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** Expected seconds in all, and those gone. */
  expected: number
  seconds: number
  problem: Sentence | null
}

interface Shelved {
  code: string
  opened: Promise<OpenedCounty>
  opening: Opening
  begun: number
  inUse: number
  lastUse: number
}

/** Opens counties of a run when they are asked for, one at a time, and keeps few open, so that memory and disk stay bounded. */
export class CountyShelf {
  private readonly shelf = new Map<string, Shelved>()
  private readonly failed = new Map<string, Opening>()
  private readonly listeners = new Map<string, Set<() => void>>()
  private queue: Promise<unknown> = Promise.resolve()
  private folder: Promise<string> | null = null
  private rate = firstGuess
  private made = 0

  constructor(
    private readonly run: OpenedRun,
    private readonly keep = usuallyOpen,
  ) {}

  /** How far a county is. Asking does not open it. */
  opening(code: string): Opening {
    const shelved = this.shelf.get(code)
    if (!shelved) return this.failed.get(code) ?? { state: 'waiting', expected: this.expected(code), seconds: 0, problem: null }
    const { opening, begun } = shelved
    return opening.state === 'running' ? { ...opening, seconds: (performance.now() - begun) / 1000 } : opening
  }

  /** Calls the listener at each change of a county's opening, until the returned function is called. */
  subscribe(code: string, listener: () => void): () => void {
    const own = this.listeners.get(code) ?? new Set()
    this.listeners.set(code, own.add(listener))
    return () => void own.delete(listener)
  }

  /** Begins to open a county that is not open; the problem of one that failed is forgotten. */
  start(code: string): void {
    this.failed.delete(code)
    this.shelved(code).opened.catch(() => {})
  }

  /** Asks an open county, opening it first if need be. @throws the problem why it cannot be opened. */
  async use<T>(code: string, ask: (county: OpenedCounty) => Promise<T>): Promise<T> {
    const shelved = this.shelved(code)
    shelved.inUse++
    shelved.lastUse = performance.now()
    try {
      return await ask(await shelved.opened)
    } finally {
      shelved.inUse--
      void this.trim()
    }
  }

  /** Closes all and takes their files away. */
  async close(): Promise<void> {
    await this.queue
    for (const { opened } of this.shelf.values()) await opened.then((c) => c.close()).catch(() => {})
    this.shelf.clear()
    if (this.folder) await rm(await this.folder, { recursive: true, force: true })
  }

  private shelved(code: string): Shelved {
    const known = this.shelf.get(code)
    if (known) return known
    const opening: Opening = { state: 'waiting', expected: this.expected(code), seconds: 0, problem: null }
    const shelved: Shelved = {
      code,
      opening,
      begun: performance.now(),
      inUse: 0,
      lastUse: performance.now(),
      opened: Promise.resolve(null!),
    }
    shelved.opened = this.inTurn(() => this.openNow(shelved))
    this.shelf.set(code, shelved)
    return shelved
  }

  private async openNow(shelved: Shelved): Promise<OpenedCounty> {
    const { code, opening } = shelved
    await this.trim(this.keep - 1)
    this.folder ??= passingFolder('counties')
    shelved.begun = performance.now()
    Object.assign(opening, { state: 'running', expected: this.expected(code) })
    this.tell(code)
    try {
      const county = await OpenedCounty.open(this.run, code, join(await this.folder, `${++this.made}-${code}`))
      opening.seconds = (performance.now() - shelved.begun) / 1000
      opening.state = 'done'
      this.rate = this.householdsOf(code) / Math.max(0.2, opening.seconds)
      return county
    } catch (error) {
      Object.assign(opening, { state: 'failed', problem: sentenceOf(error) })
      this.shelf.delete(code)
      this.failed.set(code, opening)
      throw error
    } finally {
      this.tell(code)
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work)
    this.queue = turn.catch(() => {})
    return turn
  }

  /** Closes what was least lately used and is not in use now, until no more than `most` are open. */
  private async trim(most = this.keep): Promise<void> {
    const open = [...this.shelf.values()].filter((s) => s.opening.state === 'done').sort((a, b) => a.lastUse - b.lastUse)
    for (const shelved of open.slice(0, Math.max(0, open.length - most)).filter((s) => s.inUse === 0)) {
      this.shelf.delete(shelved.code)
      const county = await shelved.opened
      county.close()
      await rm(county.folder, { recursive: true, force: true })
    }
  }

  private tell(code: string): void {
    for (const listener of this.listeners.get(code) ?? []) listener()
  }

  private expected(code: string): number {
    return Math.max(1, this.householdsOf(code) / this.rate)
  }

  private householdsOf(code: string): number {
    return this.run.snapshot.manifest.counties.find((c) => c.code === code)?.households ?? 0
  }
}
