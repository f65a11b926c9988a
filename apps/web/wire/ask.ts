import type { Said } from '@fupin/platform/ui/language.tsx'
import { base } from './office-base.ts'

/** What the server could not do, in its own sentences. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly said: Said,
    readonly number: string | undefined,
  ) {
    super(said.en)
  }
}

const unreachable: Said = {
  zh: '连不上本机的扶贫程序。请看启动它的窗口是否还开着，再试一次。',
  en: 'The program on this computer does not answer. See whether the window that started it is still open, then try again.',
}

interface ProblemJson {
  type: string
  title: string
  title_en: string
  instance?: string
}

/** GET, JSON in, a `Refusal` with both languages when it fails. Questions go to the office shown: a run's, or a county's of a region. */
export const ask = <T>(path: string): Promise<T> => carry<T>(path, 'GET')

/** A deed: POST, and the state after it. */
export const tellServer = <T>(path: string): Promise<T> => carry<T>(path, 'POST')

async function carry<T>(path: string, method: 'GET' | 'POST'): Promise<T> {
  const from = path.startsWith('/api/') ? base + path : path
  const answer = await fetch(from, { method, headers: { accept: 'application/json' } }).catch(() => null)
  if (!answer) throw new Refusal(0, 'unreachable', unreachable, undefined)
  if (answer.ok) return (await answer.json()) as T
  const problem = (await answer.json().catch(() => null)) as ProblemJson | null
  if (!problem?.title) throw new Refusal(answer.status, 'unreachable', unreachable, undefined)
  throw new Refusal(answer.status, problem.type, { zh: problem.title, en: problem.title_en }, problem.instance)
}

/** `?a=1&b=2` of what is set; empty when nothing is. */
export function address(filters: Record<string, string | number | boolean | undefined>) {
  const pairs = Object.entries(filters).filter(
    (pair): pair is [string, string | number | boolean] => pair[1] !== undefined && pair[1] !== '',
  )
  const text = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString()
  return text ? `?${text}` : ''
}
