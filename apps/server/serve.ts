import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import { servePages } from './page.ts'
import { answerWithProblems, notThisMachine } from './problems.ts'
import { regionRoutes } from './region-routes.ts'
import type { RegionSource } from './region-source.ts'
import { runRoutes } from './run-routes.ts'
import type { RunSource } from './run-source.ts'

export interface ServeOptions {
  /** 0 = any free port. */
  port: number
  host: '127.0.0.1'
  /** One run, or a region with the counties that can be opened from it. */
  source: RunSource | RegionSource
  /** The built web app (`apps/web/dist`). */
  webDir: string
  /** County boundaries for the map; the house's own by default. */
  boundaries?: string
}

const ownBoundaries = fileURLToPath(new URL('../../platform/regions/guangxi/counties.geojson', import.meta.url))

/** Opens the office on this machine only and gives its address; `close` ends it and every open stream. */
export async function serve({ port, host, source, webDir, boundaries = ownBoundaries }: ServeOptions) {
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 300 }, genReqId: requestNumber() })
  answerWithProblems(app)
  app.addHook('onRequest', async ({ headers }) => {
    if (!isLoopbackName(headers.host)) throw notThisMachine
  })
  if (isRegion(source)) await regionRoutes(app, source)
  else runRoutes(app, () => source)
  await servePages(app, webDir, boundaries)
  const url = await app.listen({ port, host })
  return { url, close: () => app.close() }
}

const isRegion = (source: RunSource | RegionSource): source is RegionSource => 'county' in source

/** A page elsewhere must not reach this one by a name of its own that points to 127.0.0.1. */
const isLoopbackName = (host = '') => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)

/** Numbers a person can quote over the phone. */
function requestNumber() {
  let last = 0
  return () => `${new Date().toISOString().slice(0, 10)}-${String(++last).padStart(5, '0')}`
}
