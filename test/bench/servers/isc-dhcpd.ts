import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { POOL, SERVER, SUBNET } from '../lab/bench-network.ts'
import { packageVersionOf, pathOf } from '../lab/machine.ts'
import type { FoundServer } from './bench-server.ts'
import { LEASE_SECONDS, type SeededLease, seededLeases } from './seeded-lease.ts'

/** ISC dhcpd: one sync for each lease, before its ACK. */
export function iscDhcpd(): FoundServer {
  const program = pathOf('dhcpd')
  if (program === null) return { kind: 'missing', why: 'isc: package isc-dhcp-server' }
  return {
    kind: 'found',
    server: {
      name: 'isc',
      version: `dhcpd ${packageVersionOf('isc-dhcp-server')}, a sync for each lease, no log`,
      prepare: ({ dir, leases }) => {
        const config = join(dir, 'dhcpd.conf')
        const leaseFile = join(dir, 'dhcpd.leases')
        const nowMs = Date.now()
        writeFileSync(config, CONFIGURATION)
        writeFileSync(
          leaseFile,
          [...seededLeases(leases)].map((lease) => entryOf(lease, nowMs)).join(''),
        )
        const files = ['-cf', config, '-lf', leaseFile, '--no-pid']
        return { command: [program, '-4', '-f', '-q', ...files, SERVER.interfaceName] }
      },
    },
  }
}

const CONFIGURATION = `authoritative;
ping-check false;
ddns-update-style none;
default-lease-time ${LEASE_SECONDS};
max-lease-time ${LEASE_SECONDS};
subnet ${SUBNET.network} netmask ${SUBNET.mask} {
  range ${POOL.first} ${POOL.last};
  option routers ${SERVER.address};
  option tftp-server-name "${SERVER.address}";
}
`

function entryOf({ dottedQuad, mac }: SeededLease, nowMs: number): string {
  const identifier = ['01', ...mac.split(':')].map(inOctal).join('')
  return `lease ${dottedQuad} {
  starts ${inUtc(nowMs)};
  ends ${inUtc(nowMs + LEASE_SECONDS * 1000)};
  cltt ${inUtc(nowMs)};
  binding state active;
  next binding state free;
  rewind binding state free;
  hardware ethernet ${mac};
  uid "${identifier}";
}
`
}

function inOctal(hex: string): string {
  return `\\${Number.parseInt(hex, 16).toString(8).padStart(3, '0')}`
}

/** Day of the week, then date and time. */
function inUtc(atMs: number): string {
  const at = new Date(atMs)
  const [date = '', time = ''] = at.toISOString().split('T')
  return `${at.getUTCDay()} ${date.replaceAll('-', '/')} ${time.slice(0, 8)}`
}
