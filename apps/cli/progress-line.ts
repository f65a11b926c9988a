import { language } from './report.ts'

const every = 250
let last = 0

/** Shows one line of progress that is written over; on a pipe, a line now and then. */
export function progressLine(text: string, final = false): void {
  const now = Date.now()
  if (!final && now - last < (process.stderr.isTTY ? every : every * 40)) return
  last = now
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${text}${final ? '\n' : ''}` : `${text}\n`)
}

/** Seconds as people say them. */
export function secondsText(seconds: number): string {
  const whole = Math.round(seconds)
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  if (language === 'zh') return minutes ? `${minutes} 分 ${rest} 秒` : `${rest} 秒`
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`
}

/** A signal that the first Ctrl-C (or SIGTERM) gives; the second one ends the program at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}
