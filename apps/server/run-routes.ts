import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { findingQuery, householdQuery, mapQuery } from './filters.ts'
import { noHousehold, notFound, notReady } from './problems.ts'
import { followRun } from './run-events.ts'
import type { RunSource } from './run-source.ts'

type Query = { Querystring: Record<string, string | string[] | undefined> }

/** What the office asks of the run: a table of contents. */
export function runRoutes(app: FastifyInstance, source: RunSource) {
  /** No answer means "no such thing" once the run is done, and "not yet" before. */
  const found = async <T>(answer: T | null, missing = notFound): Promise<T> => {
    if (answer !== null) return answer
    throw (await source.state()).state === 'done' ? missing : notReady
  }

  app.get('/api/run', () => source.state())
  app.get('/api/run/events', (request, reply) => followRun(source, request, reply))
  app.get<{ Params: { county: string } }>('/api/lines/:county', async ({ params }) => found(await source.line(params.county)))
  app.get<Query>('/api/households', async ({ query }) => found(await source.households(householdQuery(query))))
  app.get<{ Params: { id: string } }>('/api/households/:id', async ({ params }) => found(await source.household(params.id), noHousehold))
  app.get<{ Params: { id: string } }>('/api/households/:id/why', async ({ params }) => found(await source.why(params.id), noHousehold))
  app.get<Query>('/api/map', async ({ query }) => found(await source.map(mapQuery(query))))
  app.get<Query>('/api/findings', async ({ query }) => found(await source.findings(findingQuery(query))))

  app.get<{ Params: { name: string } }>('/api/export/:name', async ({ params }, reply) => {
    if (!mayLeave.test(params.name)) throw notFound
    const { path } = await found(await source.exportFile(params.name))
    const { size } = await stat(path)
    return reply
      .header('content-disposition', `attachment; filename="${params.name}"`)
      .header('content-length', size)
      .type(types[params.name.split('.').at(-1)!]!)
      .send(createReadStream(path))
  })
}

/** The run's own outputs (docs/formats.md), nothing else of the disk. */
const mayLeave = /^(list|score_table|lines|hits|findings)\.(xlsx|csv|parquet)$|^run\.json$/

const types: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  json: 'application/json; charset=utf-8',
}
