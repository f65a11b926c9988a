import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fromElsewhere, notFound } from './problems.ts'
import { followRun } from './run-events.ts'
import type { RunSource } from './run-source.ts'

type Worked = Pick<RunSource, 'state' | 'subscribe' | 'stop' | 'goOn'>

/** How far the work is, and the two deeds that a person can do with it: stop it, let it go on. */
export function runDeeds(app: FastifyInstance, sourceOf: (request: FastifyRequest) => Worked) {
  app.get('/api/run', async (request) => sourceOf(request).state())
  app.get('/api/run/events', (request, reply) => followRun(sourceOf(request), request, reply))
  for (const [path, deed] of [
    ['stop', 'stop'],
    ['go-on', 'goOn'],
  ] as const)
    app.post(`/api/run/${path}`, async (request, reply) => {
      mustComeFromThisPage(request)
      const source = sourceOf(request)
      if (!source[deed]) throw notFound
      source[deed]()
      return reply.code(202).send(await source.state())
    })
}

/** A page elsewhere can make the browser send here, but not hide that it was elsewhere. */
function mustComeFromThisPage({ headers }: FastifyRequest) {
  if (!headers.origin || headers.origin !== `http://${headers.host}`) throw fromElsewhere
}
