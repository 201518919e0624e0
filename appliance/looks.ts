import type { Database } from '../src/adapters/sqlite/database.ts'
import type { DhcpServer } from '../src/dhcp/dhcp-server.ts'
import { formatIpv4 } from '../src/net/ipv4.ts'
import type { NetworkSettings } from '../src/settings/settings.ts'
import type { Look } from './readiness.ts'
import { REFUSALS } from './services/networks.ts'

/** Whether the disk takes what has to be on it before a lease is acknowledged. */
export function lookAtDatabase(database: Pick<Database, 'fault' | 'file'>): Look {
  return async () => {
    const message = await database.fault()
    return {
      name: 'database',
      detail: 'it can be written to',
      problems: message === null ? [] : [{ where: database.file, message }],
    }
  }
}

/** Whether each network is served, or left to another DHCP server. */
export function lookAtNetworks(
  networks: () => readonly NetworkSettings[],
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
