import type { FastifyInstance } from 'fastify'
import { answerFile } from './answer-file.ts'
import { mapQuery, movesQuery, regionHouseholdQuery, wordOf } from './filters.ts'
import { noCounty, notFound, notReady } from './problems.ts'
import type { RegionSource } from './region-source.ts'
import { runDeeds } from './run-deeds.ts'
import { runRoutes } from './run-routes.ts'
import type { RunSource } from './run-source.ts'

type Query = { Querystring: Record<string, string | string[] | undefined> }

/** Areas shown for a text typed into the area filter. */
const areasFound = 100

/** What the office asks of a region: a table of contents. Each county answers below `/county/CODE` like a run of its own. */
export async function regionRoutes(app: FastifyInstance, region: RegionSource) {
  /** No answer means "no such thing" once the run is done, and "not yet" before. */
  const found = async <T>(answer: Promise<T | null>): Promise<T> => {
    const given = await answer
    if (given !== null) return given
    throw (await region.state()).state === 'done' ? notFound : notReady
  }
  const { state } = await region.state()
  let done = state === 'done'
  region.subscribe((next) => {
    done = next.state === 'done'
  })

  runDeeds(app, () => region)
  app.get<Query>('/api/map', ({ query }) => found(region.map(mapQuery(query))))
  app.get<Query>('/api/region/areas', ({ query }) => found(region.area(wordOf(query, 'area'))))
  app.get<Query>('/api/region/search', ({ query }) => found(region.searchAreas(wordOf(query, 'text') ?? '', areasFound)))
  app.get('/api/region/lines', () => found(region.lines()))
  app.get('/api/region/scores', () => found(region.scores()))
  app.get<Query>('/api/region/households', ({ query }) => found(region.households(regionHouseholdQuery(query))))
  app.get('/api/region/made', () => found(region.made()))
  app.get('/api/region/compare', () => found(region.comparison()))
  app.get<Query>('/api/region/moves', ({ query }) => found(region.moves(movesQuery(query))))
  app.get<Query & { Params: { name: string } }>('/api/region/export/:name', async ({ params: { name }, query }, reply) =>
    answerFile(reply, name, await found(region.exportFile(name, wordOf(query, 'area')))),
  )
  await app.register(
    async (scope) =>
      runRoutes(scope, (request): RunSource => {
        const county = region.county((request.params as { within: string }).within)
        if (county) return county
        throw done ? noCounty : notReady
      }),
    { prefix: '/county/:within' },
  )
}
