import { composeServices } from '../../../appliance/start/compose-services.ts'
import { reloader } from '../../../appliance/start/reload.ts'
import { loadTokens } from '../../../appliance/start/tokens.ts'
import { watchPools } from '../../../appliance/start/watch-pools.ts'
import { webhookRendering } from '../../../appliance/start/webhooks.ts'
import { packageVersion } from '../../../appliance/version.ts'
import type { Inventory } from '../../../src/inventory/inventory.ts'
import { attentionIn } from '../../../src/services/clients/enrolment-trouble.ts'
import { audit } from '../../../src/services/events/audit.ts'
import { lookAtNetworks } from '../../../src/services/looks.ts'
import { readiness } from '../../../src/services/readiness.ts'
import type { Services } from '../../../src/services/services.ts'
import { Webhooks } from '../../../src/services/webhooks/webhooks.ts'
import { scopesOf } from '../../../src/settings/scopes.ts'
import { parsed } from '../configuration.ts'
import type { Engines } from './engines.ts'

/** The services over engines in memory, composed as in the appliance. */
export type InMemoryServices = Services & {
  readonly inventory: Inventory
  readonly webhooks: Webhooks
}

/**
 * Joins the services that the API asks.
 *
 * @param file - The configuration file as it is now; null where there is none.
 */
export async function servicesOf(engines: Engines, file: () => object | null) {
  const { state, inForce, settings, log, outside, registrar, dhcp, tftp, surveys } = engines
  const { nowMs, leaseTable, data } = state
  const names = () => inForce.networks.map(({ name }) => name)
  const pools = watchPools({ names, leaseTable, nowMs })
  const webhooks = webhooksOver(engines)
  const services: InMemoryServices = {
    ...composeServices(() => inForce.networks, {
      ...engines,
      dhcpServer: dhcp,
      tftpServer: tftp,
      tftpPort: settings.tftp.port,
      history: pools.history,
      surveys,
      faultOn: (network) => outside.faults.get(network) ?? null,
      callControl: registrar,
    }),
    inventory: state.inventory,
    tokens: await loadTokens(data.tokens, { log, nowMs }),
    webhooks,
    reload: () => reloaderOf(engines, file())(),
    audit: audit({ ...state, log }),
    health: readiness([outside.lookAtSockets, lookAtNetworks(() => inForce.networks, dhcp)], nowMs),
    status: {
      version: packageVersion,
      uptimeSeconds: () => outside.uptimeSeconds,
      phoneSpeed: () => settings.conversions.phoneSpeed,
      rehearsal: () => false,
      attention: () => attentionIn(state.trouble.list(nowMs())),
    },
  }
  return { services, pools, webhooks }
}

function reloaderOf({ state, inForce, log, dhcp }: Engines, file: object | null) {
  const load = async () => {
    const result = parsed(file ?? {})
    if (result.kind === 'ok') return { ...result, token: null }
    return { ...result, report: '' }
  }
  return reloader({
    load: file === null ? null : load,
    log,
    current: () => inForce.settings,
    renewCertificate: async () => null,
    examine: async () => [],
    readShared: async () => [],
    misplacedPhones: () => state.inventory.misplacedPhones().map(({ message }) => message),
    apply: (edited) => {
      inForce.replace(edited)
      dhcp.replaceScopes(scopesOf(edited), state.nowMs())
    },
  })
}

function webhooksOver({ state, log, outside }: Engines): Webhooks {
  const { data, journal, nowMs, startTimer, onStoreFault } = state
  let last = 0
  const parts = {
    ...{ store: data.webhooks, journal, log, nowMs, startTimer, onFault: onStoreFault },
    post: outside.post,
    render: webhookRendering(),
    makeId: () => `hook-${++last}`,
  }
  return new Webhooks(parts, [])
}
