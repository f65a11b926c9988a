import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { FastifyReply } from 'fastify'
import type { RunFile } from './run-source.ts'

/** Sends a file to be kept under `name`, in pieces. */
export async function answerFile(reply: FastifyReply, name: string, { path }: RunFile) {
  const { size } = await stat(path)
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('content-length', size)
    .type(types[name.split('.').at(-1)!]!)
    .send(createReadStream(path))
}

const types: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  json: 'application/json; charset=utf-8',
}
