import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import type { Node } from '@fupin/rulebook/engine/ir.ts'
import type { Facts } from '@fupin/rulebook/engine/run.ts'
import { Interpreter } from '@fupin/rulebook/engine/run.ts'
import { differences } from '@fupin/rulebook/engine/testing/differences.ts'
import { duckEngine, postgresEngine, type SqlEngine } from '@fupin/rulebook/shelf/sql-engine.ts'

/** Counts what interpreter, DuckDB and PostgreSQL say of the same pairs: values and missing sets. */
export class AskedEngines {
  pairs = 0
  unknown = 0
  differing = 0

  private constructor(private readonly engines: SqlEngine[]) {}

  static async open(): Promise<AskedEngines> {
    return new AskedEngines([await duckEngine(), await postgresEngine()])
  }

  /** Asks about every node and every entity; prints the first differences. */
  async ask(dictionary: Dictionary, root: string, nodes: Node[], names: string[], facts: Facts[]): Promise<void> {
    const interpreter = new Interpreter()
    const found = await differences(this.engines, dictionary, root, nodes, facts, interpreter)
    for (const d of found.slice(0, 3))
      console.log(
        `${d.engine} ${names[d.index]}: ${d.told.value} [${d.told.missing}] for ${d.own.value} [${d.own.missing}] of ${JSON.stringify(d.facts)}`,
      )
    for (const node of nodes) for (const one of facts) if (interpreter.evaluate(node, [one]) === undefined) this.unknown++
    this.pairs += nodes.length * facts.length
    this.differing += found.length
  }

  share(): string {
    return `${Math.round((100 * this.unknown) / this.pairs)} % unknown`
  }

  async close(): Promise<void> {
    for (const engine of this.engines) await engine.close()
  }
}
