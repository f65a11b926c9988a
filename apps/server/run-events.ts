import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RunSource } from './run-source.ts'

const heartbeatMs = 15_000

/** Server-Sent Events: one `state` at once and one at each change; the stream ends when the run has. */
export async function followRun(source: Pick<RunSource, 'state' | 'subscribe'>, request: FastifyRequest, reply: FastifyReply) {
  reply.hijack()
  const out = reply.raw
  out.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', connection: 'keep-alive' })
  let unsubscribe = () => {}
  const beat = setInterval(() => out.write(': still here\n\n'), heartbeatMs)
  const stop = () => {
    clearInterval(beat)
    unsubscribe()
    out.end()
  }
  const tell = (state: OfficeState) => {
    if (out.writableEnded) return
    out.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`)
    if (isOver(state)) stop()
  }
  request.raw.once('close', stop)
  unsubscribe = source.subscribe(tell)
  tell(await source.state())
}

const isOver = (state: OfficeState) => state.state === 'done' || state.state === 'failed'
