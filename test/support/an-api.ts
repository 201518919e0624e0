import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import type { Test } from 'tap'
import { type AppOptions, buildApp } from '../../src/adapters/http/app.ts'
import { anInventory, MemoryServices, NOW_MS } from './memory-services.ts'

/** The token of every API under test. */
export const TOKEN = 'a-token-for-tests'

/** The header that carries it. */
export const WITH_TOKEN = { authorization: `Bearer ${TOKEN}` }

/** A logger that keeps its lines, to be asked whether they hold a secret. */
export function aKeptLog(): { readonly logger: FastifyBaseLogger; readonly lines: string[] } {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  return { logger, lines }
}

/** An API over services in memory, closed with the test. */
export async function anApi(t: Test, options: Partial<AppOptions> = {}) {
  const services = new MemoryServices(await anInventory())
  const { logger, lines } = aKeptLog()
  const app = buildApp({
    services,
    token: TOKEN,
    tls: null,
    allowedHosts: ['phones.lab.example'],
    staticDir: null,
    logger,
    now: () => NOW_MS,
    ...options,
  })
  await app.ready()
  t.teardown(() => app.close())
  return { app, services, lines }
}
