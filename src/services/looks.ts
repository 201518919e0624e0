import type { DhcpServer } from '../dhcp/dhcp-server.ts'
import { formatIpv4 } from '../net/ipv4.ts'
import { REFUSALS } from './api/networks.ts'
import type { Look } from './readiness.ts'
import type { ServedNetwork } from './served-network.ts'

/** The database, as far as its health can be asked for. */
export type StoredData = {
  readonly file: string
  /** What keeps it from being written to, in words; null: nothing. */
  fault(): Promise<string | null>
}

/** Whether the disk takes what has to be on it before a lease is acknowledged. */
export function lookAtDatabase(database: StoredData): Look {
  return async () => {
    const message = await database.fault()
    return {
      name: 'database',
      detail: 'writable',
      problems: message === null ? [] : [{ where: database.file, message }],
    }
  }
}

/** Whether each network is served, or left to another DHCP server. */
export function lookAtNetworks(
  networks: () => readonly ServedNetwork[],
  dhcp: Pick<DhcpServer, 'refusalOn' | 'rogueServersOn'>,
): Look {
  return () => {
    const problems = networks().flatMap(({ name }) => {
      const refusal = dhcp.refusalOn(name)
      if (refusal === null) return []
      const others = dhcp.rogueServersOn(name).map(({ address }) => formatIpv4(address))
      const who = others.length === 0 ? '' : ` (${others.join(', ')})`
      return [{ where: name, message: `network ${name} is not served: ${REFUSALS[refusal]}${who}` }]
    })
    return { name: 'networks', detail: `${networks().length} served`, problems }
  }
}

/** What several appliances share, as far as its health can be asked for. */
export type SharedData = {
  /** Why PostgreSQL cannot be used now, in words; null while it can. */
  fault(): string | null
  /** Why what was changed here is not stored there, in words; null where nothing waits. */
  unsent(): string | null
}

/** Whether PostgreSQL answers and stores: without it nothing shared can be changed. */
export function lookAtPostgres({ fault, unsent }: SharedData): Look {
  return () => {
    const message = postgresProblem(fault(), unsent())
    const problems = message === null ? [] : [{ where: 'database.postgres', message }]
    return { name: 'postgres', detail: 'reachable', problems }
  }
}

function postgresProblem(away: string | null, refused: string | null): string | null {
  if (away !== null) {
    return `PostgreSQL cannot be used: ${away}. What is shared is served from the copy here and cannot be changed`
  }
  if (refused === null) return null
  return `PostgreSQL does not store the conversions and roll-outs changed here: ${refused}`
}
