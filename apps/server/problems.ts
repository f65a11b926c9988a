import { Problem as Sentenced } from '@fupin/platform/problems/problem.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** What a person can act on: what happened, why, what to do next, in both languages. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly title: Text,
  ) {
    super(title.en)
  }
}

export const notReady = new Problem(409, 'run.not-done', {
  zh: '运行还没有算完，这一页要等结果出来。请到“运行”页看进度。',
  en: 'The run has not finished; this page needs its result. See the Run page for progress.',
})

export const notFound = new Problem(404, 'not-found', {
  zh: '没有找到。请核对编号，或回到名册里找。',
  en: 'Not found. Check the number, or look in the register.',
})

export const noHousehold = new Problem(404, 'household.not-found', {
  zh: '没有找到这一户的结果。编号可能抄错了；也可能这一行有错、整户没有读入，请看“导入发现”。',
  en: 'Not found: this run has no result for this household. The number may be mistyped, or its row was left out; see Import findings.',
})

export const noCounty = new Problem(404, 'county.not-found', {
  zh: '这次运行里没有这个县。请核对代码，或回到全区结果里选。',
  en: 'The run has no such county. Check the code, or choose one on the region’s page.',
})

export const notThisMachine = new Problem(403, 'loopback-only', {
  zh: '本页只对这台电脑开放。请在这台电脑上用 127.0.0.1 打开。',
  en: 'This page is open to this computer only. Open it here, by 127.0.0.1.',
})

export const fromElsewhere = new Problem(403, 'deed.origin', {
  zh: '这一步只能在本机打开的页面上做。请回到页面上点按钮。',
  en: 'This can only be done on the page opened on this computer. Use the button there.',
})

/** The one answer to a filter that is not well formed: names the filter and what it takes. */
export const badFilter = (name: string, takes: Text) =>
  new Problem(400, 'filter.malformed', {
    zh: `地址里的条件“${name}”看不懂，它应是${takes.zh}。请去掉它，或在页面上重新选。`,
    en: `The filter "${name}" in the address cannot be read; it takes ${takes.en}. Remove it, or choose again on the page.`,
  })

const ours: Text = {
  zh: '这一步出错了，原因在程序，不在您。数据没有改动。请再试一次；还不行，请把下面的编号告诉维护的人。',
  en: 'This step failed for a reason in the program, not in what you did. No data changed. Try again; if it stays, quote the number below.',
}

/** Every error leaves as `application/problem+json` with a sentence in Chinese and English and a number to quote. */
export function answerWithProblems(app: FastifyInstance) {
  const send = (reply: FastifyReply, status: number, type: string, title: Text, instance: string) =>
    reply.code(status).type('application/problem+json; charset=utf-8').send({ type, status, title: title.zh, title_en: title.en, instance })
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Problem) return send(reply, error.status, error.type, error.title, request.id)
    // What the house's own parts ask of a person: a book that is not the run's, a snapshot that is gone.
    if (error instanceof Sentenced) return send(reply, 409, error.code, { zh: error.zh, en: error.en }, request.id)
    if (!hasClientStatus(error)) console.error(request.id, error)
    return hasClientStatus(error)
      ? send(reply, error.statusCode, 'request.malformed', notFound.title, request.id)
      : send(reply, 500, 'ours', ours, request.id)
  })
  app.setNotFoundHandler((request, reply) => send(reply, 404, notFound.type, notFound.title, request.id))
}

const hasClientStatus = (error: unknown): error is { statusCode: number } =>
  typeof error === 'object' && error !== null && 'statusCode' in error && Number(error.statusCode) >= 400 && Number(error.statusCode) < 500
