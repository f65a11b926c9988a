import type { FastifyInstance, FastifyRequest } from 'fastify'
import { answerFile } from './answer-file.ts'
import { findingQuery, householdQuery, mapQuery } from './filters.ts'
import { noHousehold, notFound, notReady } from './problems.ts'
import { runDeeds } from './run-deeds.ts'
import type { RunSource } from './run-source.ts'

type Query = { Querystring: Record<string, string | string[] | undefined> }
type Named<Name extends string> = { Params: Record<Name, string> }

/** What the office asks of a run, or of one county of a run: a table of contents. `sourceOf` says which one the address means. */
export function runRoutes(app: FastifyInstance, sourceOf: (request: FastifyRequest) => RunSource) {
  /** No answer means "no such thing" once the run is done, and "not yet" before. */
  const found = async <T>(source: RunSource, answer: Promise<T | null>, missing = notFound): Promise<T> => {
    const given = await answer
    if (given !== null) return given
    throw (await source.state()).state === 'done' ? missing : notReady
  }

  runDeeds(app, sourceOf)
  app.get<Named<'county'>>('/api/lines/:county', async (request) => {
    const source = sourceOf(request)
    return found(source, source.line(request.params.county))
  })
  app.get<Query>('/api/households', async (request) => {
    const source = sourceOf(request)
    return found(source, source.households(householdQuery(request.query)))
  })
  app.get<Named<'id'>>('/api/households/:id', async (request) => {
    const source = sourceOf(request)
    return found(source, source.household(request.params.id), noHousehold)
  })
  app.get<Named<'id'>>('/api/households/:id/why', async (request) => {
    const source = sourceOf(request)
    return found(source, source.why(request.params.id), noHousehold)
  })
  app.get<Query>('/api/map', async (request) => {
    const source = sourceOf(request)
    return found(source, source.map(mapQuery(request.query)))
  })
  app.get<Query>('/api/findings', async (request) => {
    const source = sourceOf(request)
    return found(source, source.findings(findingQuery(request.query)))
  })
  app.get<Named<'name'>>('/api/export/:name', async (request, reply) => {
    const { name } = request.params
    if (!mayLeave.test(name)) throw notFound
    const source = sourceOf(request)
    return answerFile(reply, name, await found(source, source.exportFile(name)))
  })
}

/** The run's own outputs (docs/formats.md), nothing else of the disk. */
const mayLeave = /^(list|score_table|lines|causes|hits|findings)\.(xlsx|csv|parquet)$|^run\.json$/
