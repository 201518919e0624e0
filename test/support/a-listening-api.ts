import type { Test } from 'tap'
import { anApi, TOKEN } from './an-api.ts'
import { type Ended, switchhook } from './command-line.ts'

/** An API that listens on loopback, and the command line pointed at it. */
export async function aListeningApi(t: Test) {
  const { app, services } = await anApi(t)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const run = (...args: readonly string[]): Promise<Ended> =>
    switchhook(...args, '--api', url, '--token', TOKEN)
  return { app, services, url, run }
}
