import type { Test } from 'tap'
import { anApi, TOKEN } from './an-api.ts'
import { type Ended, switchhook } from './command-line.ts'
import type { InMemoryOptions } from './in-memory/an-appliance.ts'

/** An API that listens on loopback, and the command line pointed at it. */
export async function aListeningApi(t: Test, options: InMemoryOptions = {}) {
  const { app, services, appliance } = await anApi(t, options)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const run = (...args: readonly string[]): Promise<Ended> =>
    switchhook(...args, '--api', url, '--token', TOKEN)
  return { app, services, appliance, url, run }
}
