import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { POOL, SERVER, SUBNET } from '../lab/bench-network.ts'
import { packageVersionOf, pathOf } from '../lab/machine.ts'
import type { FoundServer } from './bench-server.ts'
import { LEASE_SECONDS, seededLeases } from './seeded-lease.ts'

/** Its own limits are 1,000 leases and 50 transfers. */
const MAX_LEASES = 100_000
const MAX_TRANSFERS = 4_096

/** dnsmasq, DHCP and TFTP in one thread: it writes all of its leases again for each. */
export function dnsmasq(): FoundServer {
  const program = pathOf('dnsmasq')
  if (program === null) return { kind: 'missing', why: 'dnsmasq: package dnsmasq-base' }
  return {
    kind: 'found',
    server: {
      name: 'dnsmasq',
      version: `${packageVersionOf('dnsmasq-base')}, limits raised, no log`,
      prepare: ({ dir, filesDir, leases }) => {
        const leaseFile = join(dir, 'dnsmasq.leases')
        writeFileSync(leaseFile, leaseLines(leases))
        return { command: [program, ...optionsFor(leaseFile, filesDir)] }
      },
    },
  }
}

function optionsFor(leaseFile: string, filesDir: string): readonly string[] {
  return [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--user=root',
    '--pid-file=',
    '--port=0',
    `--interface=${SERVER.interfaceName}`,
    '--bind-interfaces',
    '--dhcp-authoritative',
    '--no-ping',
    `--dhcp-range=${POOL.first},${POOL.last},${SUBNET.mask},${LEASE_SECONDS}`,
    `--dhcp-lease-max=${MAX_LEASES}`,
    `--dhcp-leasefile=${leaseFile}`,
    `--dhcp-option=3,${SERVER.address}`,
    `--dhcp-option=66,${SERVER.address}`,
    '--quiet-dhcp',
    '--enable-tftp',
    `--tftp-root=${filesDir}`,
    `--tftp-max=${MAX_TRANSFERS}`,
    '--quiet-tftp',
    '--log-facility=/dev/null',
  ]
}

function leaseLines(count: number): string {
  const expiry = Math.floor(Date.now() / 1000) + LEASE_SECONDS
  return [...seededLeases(count)]
    .map(({ dottedQuad, mac }) => `${expiry} ${mac} ${dottedQuad} * 01:${mac}\n`)
    .join('')
}
