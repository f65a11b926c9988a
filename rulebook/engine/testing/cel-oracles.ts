import { celEnv, parse as parseBuf, plan } from '@bufbuild/cel'
import { Environment } from '@marcbachmann/cel-js'
import type { Facts } from '../run.ts'
import type { Value } from '../types.ts'

/** What an independent implementation of CEL makes of an expression; undefined = an error, which is our unknown. */
export type Oracle = (bindings: Record<string, unknown>) => Value | undefined

/** Facts as CEL sees them: absent keys are absent, whole numbers are CEL integers. */
export function celFacts(facts: Facts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]): [string, unknown][] => {
      if (value === null || value === undefined) return []
      if (Array.isArray(value)) return [[key, value.map(celFacts)]]
      return [[key, celValue(value)]]
    }),
  )
}

export const celValue = (value: Value): unknown => (typeof value === 'number' ? BigInt(value) : value)

/** Any CEL error is our unknown: an absent key, an integer that leaves the exact ones, a division by zero. */
function told(ask: () => unknown): Value | undefined {
  try {
    const value = ask()
    if (typeof value === 'boolean' || typeof value === 'string') return value
    return typeof value === 'bigint' ? Number(value) : undefined
  } catch {
    return undefined
  }
}

/** Two libraries of others, each with a plain expression ready to be asked. @throws where one of them cannot read it. */
export const oracles: Record<string, (text: string) => Oracle> = {
  '@bufbuild/cel': (text) => {
    const run = plan(celEnv(), parseBuf(text))
    return (bindings) =>
      told(() => {
        const value = run(bindings as never)
        if (value instanceof Error) throw value
        return value
      })
  },
  '@marcbachmann/cel-js': (text) => {
    const run = new Environment({ unlistedVariablesAreDyn: true }).parse(text)
    return (bindings) => told(() => run(bindings))
  },
}
