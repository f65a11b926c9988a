import { parentPort, workerData } from 'node:worker_threads'
import { doTask, type Order, type Outcome, type Task } from './tasks.ts'

/** What a worker of the crew is started with; `stop` turns to 1 when everybody is to end. */
export interface Start {
  order: Order
  stop: Int32Array<SharedArrayBuffer>
}

export type Message = { kind: 'progress'; done: number } | { kind: 'outcome'; outcome: Outcome } | { kind: 'failed'; error: Failure }

/** An error on its way between threads, with what a file system adds to it. */
export type Failure = Pick<NodeJS.ErrnoException, 'message' | 'stack' | 'code' | 'path'>

const { order, stop } = workerData as Start
const tell = (message: Message) => parentPort?.postMessage(message)
const stopped = () => Atomics.load(stop, 0) === 1

parentPort?.on('message', (task: Task | null) => {
  if (task === null) return parentPort?.close()
  doTask(order, task, { progress: (done) => tell({ kind: 'progress', done }), stopped }).then(
    (outcome) => tell({ kind: 'outcome', outcome }),
    (error: unknown) => tell({ kind: 'failed', error: failureOf(error) }),
  )
})

function failureOf(error: unknown): Failure {
  const { message, stack, code, path } = (error instanceof Error ? error : new Error(String(error))) as NodeJS.ErrnoException
  return { message, stack, code, path }
}
