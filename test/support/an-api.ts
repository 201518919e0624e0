import { type Logger, pino } from 'pino'
import type { Test } from 'tap'
import { type AppOptions, buildApp } from '../../src/adapters/http/app.ts'
import { anApplianceInMemory, type InMemoryOptions } from './in-memory/an-appliance.ts'

/** The token of every API under test. */
export const TOKEN = 'a-token-for-tests'

/** The header that carries it. */
export const WITH_TOKEN = { authorization: `Bearer ${TOKEN}` }

/** A logger that keeps its lines, to be asked whether they hold a secret. */
export function aKeptLog(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  return { logger, lines }
}

/** The API of an appliance in memory, closed with the test. */
export async function anApi(t: Test, options: Partial<AppOptions> & InMemoryOptions = {}) {
  const { logger, lines } = aKeptLog()
  const appliance = await anApplianceInMemory(t, { ...options, log: logger })
  const { services, clock } = appliance
  const app = buildApp({
    services,
    token: TOKEN,
    tls: null,
    allowedHosts: ['phones.lab.example'],
    staticDir: null,
    logger,
    now: clock.nowMs,
    ...options,
  })
  await app.ready()
  t.teardown(() => app.close())
  return { app, services, appliance, lines }
}
