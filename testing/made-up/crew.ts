import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Message, Start } from './crew-worker.ts'
import type { Order, Outcome, Task } from './tasks.ts'

/** Several threads that take pieces of work from one list; what they give does not hang on who does what. */
export class Crew {
  private readonly stop = new Int32Array(new SharedArrayBuffer(4))
  private readonly workers: Worker[]

  constructor(order: Order, count: number) {
    const start: Start = { order, stop: this.stop }
    this.workers = Array.from({ length: count }, () => new Worker(opening(), { workerData: start, execArgv: [] }))
  }

  /** Does all tasks, the first ones first; outcomes stand in the order of the tasks. `onProgress` hears how far each task is. */
  async doAll(tasks: Task[], onProgress?: (task: Task, done: number) => void): Promise<Outcome[]> {
    const outcomes = new Array<Outcome>(tasks.length)
    let next = 0
    const work = async (worker: Worker) => {
      for (let at = next++; at < tasks.length && Atomics.load(this.stop, 0) === 0; at = next++)
        outcomes[at] = await this.one(worker, tasks[at], onProgress)
    }
    const ended = await Promise.allSettled(this.workers.map((worker) => work(worker).catch((error) => this.fail(error))))
    for (const one of ended) if (one.status === 'rejected') throw one.reason
    return outcomes
  }

  /** Lets everybody end what is in hand as soon as possible. */
  halt(): void {
    Atomics.store(this.stop, 0, 1)
  }

  /** Sends the workers home and waits until they have gone. */
  async dismiss(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()))
  }

  private fail(error: unknown): never {
    this.halt()
    throw error
  }

  private one(worker: Worker, task: Task, onProgress?: (task: Task, done: number) => void): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', hear).off('error', broken).off('exit', gone)
        act()
      }
      const hear = (message: Message) => {
        if (message.kind === 'progress') onProgress?.(task, message.done)
        else if (message.kind === 'outcome') settle(() => resolve(message.outcome))
        else settle(() => reject(Object.assign(new Error(message.error.message), message.error)))
      }
      const broken = (error: unknown) => settle(() => reject(error))
      const gone = () => settle(() => reject(new Error('A worker ended before its work. 工作线程提前结束。')))
      worker.on('message', hear).on('error', broken).on('exit', gone)
      worker.postMessage(task)
    })
  }
}

/** A worker of Node 20 does not inherit the reader of TypeScript; it registers its own before the first import. */
const opening = (): URL => {
  const reader = new URL('./esm/api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx'))).href
  const entry = new URL('./crew-worker.ts', import.meta.url).href
  const text = `import { register } from ${JSON.stringify(reader)}; register(); await import(${JSON.stringify(entry)})`
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`)
}
