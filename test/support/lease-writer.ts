/**
 * A child process for the test of sudden death: commits leases as fast as it can and prints each
 * address when, and only when, its commit has resolved. Ends when it is killed.
 */
import { writeSync } from 'node:fs'
import { Database } from '../../src/adapters/sqlite/database.ts'
import { SqliteLeaseStore } from '../../src/adapters/sqlite/lease-store.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'

const FIRST_ADDRESS = 0x0a4d0001
const MOST = 1_000_000

const [file = ''] = process.argv.slice(2)
const store = new SqliteLeaseStore(await Database.open(file))
let next = 0

async function grantOneByOne(): Promise<void> {
  while (next < MOST) {
    const address = (FIRST_ADDRESS + next++) as Ipv4
    const binding = {
      scope: 'bench',
      address,
      client: `id:${address.toString(16)}`,
      mac: null,
      state: 'bound' as const,
      grantedAtMs: 1,
      expiresAtMs: 2,
      vendorClass: '',
      hostName: '',
      relayAgent: '',
    }
    await store.commit([{ kind: 'put', binding }])
    // Not through a stream: what is acknowledged must be out before anything else happens.
    writeSync(1, `${address}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, grantOneByOne))
