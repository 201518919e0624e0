import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openData } from '../../../appliance/start/open-data.ts'
import { packageVersion } from '../../../appliance/version.ts'
import type { Phone, Profile } from '../../../src/inventory/phone.ts'
import type { LeaseChange } from '../../../src/leases/binding.ts'
import { type Mac, parseMac } from '../../../src/net/mac.ts'
import { POOL, SERVER, SUBNET } from '../lab/bench-network.ts'
import { startDelayingProxy } from '../lab/delaying-proxy.ts'
import {
  type PostgresTemplate,
  postgresUrlOf,
  SOCKET_NAME,
  socketFolderOf,
} from '../lab/postgres-template.ts'
import type { Teardown } from '../lab/teardown.ts'
import type { FoundServer, Launch, Place } from './bench-server.ts'
import { LEASE_SECONDS, type SeededLease, seededLeases } from './seeded-lease.ts'

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url))
const WITHOUT_FFI = new URL('without-ffi.mjs', import.meta.url).href
const NETWORK = 'bench'
/** The image, the unit and `npm start` say so, too: 25 MB less, at the same speed. */
const AS_DEPLOYED = '--max-semi-space-size=4'
const DIRECTLY = `interface: ${SERVER.interfaceName}`

/** The built appliance, logging as in production. */
export function appliance(): FoundServer {
  return found('switchhook', {
    how: 'every lease on disk before its ACK',
  })
}

/** Another checkout that is built, to see what a change costs. @throws Where it is not built. */
export function applianceOf(checkout: string): FoundServer {
  if (!existsSync(mainOf(checkout))) throw new Error(`${checkout}: not built (npm run build)`)
  return found('against', {
    how: `built in ${checkout}`,
    checkout,
  })
}

/** The same on a machine without the package for FFI: Node's own sockets, and relays alone. */
export function applianceWithoutFfi(): FoundServer {
  return found('plain', {
    how: 'as if the package for FFI did not load',
    nodeOptions: [AS_DEPLOYED, `--import=${WITHOUT_FFI}`],
    reachedBy: 'relayed: true',
  })
}

/** The built appliance with the leases of the network in PostgreSQL beside it. */
export function applianceWithSharedLeases(postgres: PostgresTemplate): FoundServer {
  return withSharedLeases('shared', postgres, socketFolderOf)
}

/** Between the appliance and its PostgreSQL, in each direction. */
const FAR_MS = 10

/** The same with PostgreSQL 20 ms away. */
export function applianceFarFromPostgres(
  postgres: PostgresTemplate,
  teardown: Teardown,
): FoundServer {
  return withSharedLeases('far', postgres, (place) => {
    const folder = join(place.dir, 'far')
    mkdirSync(folder)
    const from = join(folder, SOCKET_NAME)
    const to = join(socketFolderOf(place), SOCKET_NAME)
    startDelayingProxy(teardown, { from, to, delayMs: FAR_MS })
    return folder
  })
}

/** `socketFor` says in which folder the socket of PostgreSQL is. */
function withSharedLeases(
  name: string,
  postgres: PostgresTemplate,
  socketFor: (place: Place) => string,
): FoundServer {
  const how = name === 'far' ? `, ${2 * FAR_MS} ms away` : ''
  return {
    kind: 'found',
    server: {
      name,
      version: `switchhook ${packageVersion()}, leases: shared, each committed before its ACK; ${postgres.version}${how}`,
      prepare: (place) => {
        const config = join(place.dir, 'switchhook.yaml')
        const urlFile = join(place.dir, 'postgres-url')
        writeFileSync(urlFile, `${postgresUrlOf(socketFor(place))}\n`, { mode: 0o600 })
        const database = `database: { postgres: { urlFile: ${urlFile}, site: bench, name: sw-a } }`
        const own = configuration(place, DIRECTLY)
        writeFileSync(config, `${database}${own}    leases: shared\n`)
        return postgres.beside(place, serving(config, CHECKOUT, [AS_DEPLOYED]))
      },
    },
  }
}

/** The built appliance with SQLite, as `shared` is compared with it. */
export function applianceWithSqlite(): FoundServer {
  return found('sqlite', {
    how: 'leases in SQLite, every one on disk before its ACK',
  })
}

type Variant = {
  readonly how: string
  /** Left out: as deployed. */
  readonly nodeOptions?: readonly string[]
  /** How the network is reached, in YAML; left out: on the interface itself. */
  readonly reachedBy?: string
  /** Left out: the one that the benchmark is of. */
  readonly checkout?: string
}

function mainOf(checkout: string): string {
  return join(checkout, 'dist/appliance/main.js')
}

function serving(config: string, checkout: string, nodeOptions: readonly string[]): Launch {
  const serve = [mainOf(checkout), 'serve', '--config', config]
  return { command: [process.execPath, ...nodeOptions, ...serve] }
}

function found(name: string, variant: Variant): FoundServer {
  const { how, nodeOptions = [AS_DEPLOYED], reachedBy = DIRECTLY, checkout = CHECKOUT } = variant
  return {
    kind: 'found',
    server: {
      name,
      version: `switchhook ${packageVersion()}, ${how}, log level info into a file`,
      prepare: async (place) => {
        const config = join(place.dir, 'switchhook.yaml')
        writeFileSync(config, configuration(place, reachedBy))
        if (place.leases > 0) await seed(join(place.dir, 'data'), place)
        return serving(config, checkout, nodeOptions)
      },
    },
  }
}

function configuration({ dir, filesDir }: Place, reachedBy: string): string {
  return `
dataDir: ${dir}/data
api: { listen: 127.0.0.1:8067 }
tftp: { sharedDir: ${filesDir}, maxTransfersPerClient: 4096 }
networks:
  - name: ${NETWORK}
    ${reachedBy}
    address: ${SERVER.address}
    subnet: ${SUBNET.network}/${SUBNET.length}
    pool: [${POOL.first}-${POOL.last}]
    router: [${SERVER.address}]
    leaseTime: ${LEASE_SECONDS}s
    maxLeaseTime: ${LEASE_SECONDS}s
    admit: anyone
    probe: false
`
}

async function seed(dataDir: string, { leases, phones }: Place): Promise<void> {
  mkdirSync(dataDir)
  const data = await openData(dataDir, (error) => console.error(error))
  const grantedAtMs = Date.now()
  const seeded = [...seededLeases(leases)]
  await data.leases.commit(seeded.map((lease) => changeOf(lease, grantedAtMs, phones > 0)))
  if (phones > 0) {
    const enrolled = seeded.slice(0, phones).map(({ mac }) => phoneOf(parseMac(mac) as Mac))
    await data.inventory.commit([
      { kind: 'put-profile', profile: PROFILE },
      ...enrolled.map((phone) => ({ kind: 'put-phone', phone }) as const),
    ])
  }
  await data.database.close()
}

/** `says`: as a phone does, by options 60 and 12. */
function changeOf({ address, mac }: SeededLease, grantedAtMs: number, says: boolean): LeaseChange {
  const parsed = parseMac(mac) as Mac
  return {
    kind: 'put',
    binding: {
      scope: NETWORK,
      address,
      client: `id:01${parsed}`,
      mac: parsed,
      state: 'bound',
      grantedAtMs,
      expiresAtMs: grantedAtMs + LEASE_SECONDS * 1000,
      vendorClass: says ? 'Cisco Systems, Inc. IP Phone CP-7960G' : '',
      hostName: says ? `SEP${parsed}` : '',
      relayAgent: '',
    },
  }
}

const PROFILE: Profile = {
  name: 'to-sip',
  protocol: 'sip',
  load: 'P0S3-8-12-00',
  sip: { proxy1_address: SERVER.address },
  sccp: { callManagers: [] },
  revision: 1,
}

/** With two lines, as a desk has them. */
function phoneOf(mac: Mac): Phone {
  const name = mac.slice(-5)
  return {
    mac,
    model: '7960',
    label: `desk ${name}`,
    network: NETWORK,
    profile: PROFILE.name,
    address: null,
    lines: [
      { name, authName: name, password: `secret-${mac}`, displayName: `Desk ${name}` },
      { name: `9${name}`, displayName: 'Group' },
    ],
    settings: {},
    revision: 1,
  }
}
