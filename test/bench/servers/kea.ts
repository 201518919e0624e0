import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { POOL, SERVER, SUBNET } from '../lab/bench-network.ts'
import { packageVersionOf, pathOf } from '../lab/machine.ts'
import { POSTGRES_USER, type PostgresTemplate, socketFolderOf } from '../lab/postgres-template.ts'
import type { FoundServer, Launch, Place } from './bench-server.ts'
import { LEASE_SECONDS, seededLeases } from './seeded-lease.ts'

/** Kea with its memory file: it appends each lease to a file and syncs none. */
export function kea(): FoundServer {
  const program = pathOf('kea-dhcp4')
  if (program === null) return { kind: 'missing', why: 'kea: package kea-dhcp4-server' }
  return {
    kind: 'found',
    server: {
      name: 'kea',
      version: `${packageVersionOf('kea-dhcp4-server')}, memfile, one thread, no sync, no log`,
      prepare: (place) => {
        if (place.leases > 0) writeFileSync(leaseFileOf(place), leaseFile(place.leases))
        return launchOf(program, place, configuration(memfileOf(place), 1))
      },
    },
  }
}

/** Kea with its leases in PostgreSQL beside it, where every decision is a query or more. */
export function keaOnPostgres(postgres: PostgresTemplate, threads: number): FoundServer {
  const program = pathOf('kea-dhcp4')
  if (program === null || pathOf('kea-admin') === null) {
    return { kind: 'missing', why: `kea${threads}: packages kea-dhcp4-server and kea-admin` }
  }
  return {
    kind: 'found',
    server: {
      name: `kea${threads}`,
      version: `${packageVersionOf('kea-dhcp4-server')}, PostgreSQL, threads: ${threads}, no log; ${postgres.version}`,
      prepare: (place) => {
        const database = {
          type: 'postgresql',
          name: 'kea',
          host: socketFolderOf(place),
          user: POSTGRES_USER,
          password: '',
        }
        const launch = launchOf(program, place, configuration(database, threads))
        return postgres.beside(place, launch)
      },
    },
  }
}

function launchOf(program: string, { dir }: Place, configured: unknown): Launch {
  const config = join(dir, 'kea.json')
  writeFileSync(config, JSON.stringify(configured))
  return {
    command: [program, '-c', config],
    env: { KEA_PIDFILE_DIR: dir, KEA_LOCKFILE_DIR: 'none' },
  }
}

function leaseFileOf({ dir }: Place): string {
  return join(dir, 'leases.csv')
}

function memfileOf(place: Place): unknown {
  return { type: 'memfile', persist: true, name: leaseFileOf(place), 'lfc-interval': 0 }
}

function configuration(leaseDatabase: unknown, threads: number): unknown {
  return {
    Dhcp4: {
      'interfaces-config': { interfaces: [SERVER.interfaceName], 'dhcp-socket-type': 'raw' },
      'multi-threading':
        threads === 1
          ? { 'enable-multi-threading': false }
          : { 'enable-multi-threading': true, 'thread-pool-size': threads },
      'lease-database': leaseDatabase,
      'valid-lifetime': LEASE_SECONDS,
      authoritative: true,
      'option-data': [
        { name: 'routers', data: SERVER.address },
        { name: 'tftp-server-name', data: SERVER.address },
      ],
      subnet4: [
        {
          id: 1,
          subnet: `${SUBNET.network}/${SUBNET.length}`,
          pools: [{ pool: `${POOL.first} - ${POOL.last}` }],
        },
      ],
      loggers: [{ name: 'kea-dhcp4', severity: 'ERROR', output_options: [{ output: 'stderr' }] }],
    },
  }
}

const COLUMNS =
  'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context'

function leaseFile(count: number): string {
  const expire = Math.floor(Date.now() / 1000) + LEASE_SECONDS
  const rows = [...seededLeases(count)].map(
    ({ dottedQuad, mac }) => `${dottedQuad},${mac},01:${mac},${LEASE_SECONDS},${expire},1,0,0,,0,`,
  )
  return `${[COLUMNS, ...rows].join('\n')}\n`
}
