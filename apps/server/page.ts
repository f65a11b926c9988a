import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { notFound } from './problems.ts'

/** The word that the build leaves in index.html where each answer's own nonce goes. */
const noncePlace = /__CSP_NONCE__/g

const security = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Nothing from outside, nothing inline but what carries this answer's nonce. */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Serves the built office: its files under /assets, the boundaries it draws, and one page for every other address. */
export async function servePages(app: FastifyInstance, webDir: string, boundaries: string) {
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(security)
  })
  await app.register(fastifyStatic, { root: resolve(webDir, 'assets'), prefix: '/assets/', immutable: true, maxAge: '365d', index: false })

  app.get('/boundaries/counties.geojson', async (_request, reply) => {
    const file = await readFile(boundaries).catch(() => null)
    if (!file) throw notFound
    return reply.type('application/geo+json').header('cache-control', 'max-age=86400').send(file)
  })
  app.get('/*', async (request, reply) => {
    if (/^(\/county\/\d+)?\/api\//.test(request.url) || /\.\w{2,12}$/.test(request.url.split('?')[0]!)) throw notFound
    const shell = await readFile(join(webDir, 'index.html'), 'utf8')
    const nonce = randomBytes(16).toString('base64')
    return reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy(nonce), 'cache-control': 'no-store' })
      .send(shell.replace(noncePlace, nonce))
  })
}
