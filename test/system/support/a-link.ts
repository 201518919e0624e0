import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { anAppliance } from './appliance-process.ts'
import { Lab, SERVER_INTERFACE } from './lab.ts'

/** Our address on the link. */
export const SERVER = '10.20.0.2'

/** A network on the link that anybody may join. */
export const BENCH = `
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: ${SERVER}
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    router: [10.20.0.1]
    leaseTime: 5m
    admit: anyone
    probe: false
`

/** A row of the API's list of leases. */
export type LeaseRow = Readonly<Record<string, unknown>>

/**
 * An appliance in a namespace; `before` stands before its command there, `prepare` adds what it
 * must find at its start.
 */
export async function aLink(
  t: Test,
  network = BENCH,
  before: readonly string[] = [],
  prepare: (lab: Lab) => void = () => {},
) {
  const lab = Lab.open(t, `${SERVER}/24`)
  prepare(lab)
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-clients-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const yaml = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
networks:${network}`
  const prefix = [...lab.besideServer, ...before]
  const appliance = await anAppliance(t, yaml, { apiPort: 8067, prefix })
  const leases = async () => {
    const { output } = await lab.run(lab.server, 'curl', '-sS', 'http://127.0.0.1:8067/v1/leases')
    return JSON.parse(output) as readonly LeaseRow[]
  }
  return { lab, appliance, dir, leases }
}
