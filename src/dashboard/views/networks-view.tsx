import { hrefOf } from '../data/route.ts'
import type { Network, PoolUseHistory } from '../data/types.ts'
import { Facts } from '../parts/facts.tsx'
import { PoolChart } from '../parts/pool-chart.tsx'
import { counterWords } from '../words/counter-words.ts'
import { durationWords, formatMac } from '../words/format.ts'

/** The networks: who holds the pool, what was counted, who else serves. */
export function NetworksView(props: {
  readonly networks: readonly Network[] | null
  readonly poolUse: ReadonlyMap<string, PoolUseHistory>
}) {
  const { networks, poolUse } = props
  return (
    <>
      <h1>Networks</h1>
      <p>Networks are part of the configuration file; the part “Appliance” loads it again.</p>
      {networks === null ? <p>Loading the networks.</p> : null}
      {networks?.length === 0 ? <p>The configuration has no network.</p> : null}
      {networks?.map((network) => (
        <NetworkCard key={network.name} network={network} history={poolUse.get(network.name)} />
      ))}
    </>
  )
}

function NetworkCard(props: {
  readonly network: Network
  readonly history: PoolUseHistory | undefined
}) {
  const { network, history } = props
  const { name, vlan, notServedBecause } = network
  const titleId = `network-${name}`
  return (
    <section class="card" aria-labelledby={titleId}>
      <h2 id={titleId}>
        {name}
        {vlan === null ? '' : `, VLAN ${vlan}`}
      </h2>
      {notServedBecause === null ? null : <p class="note bad">Not served: {notServedBecause}</p>}
      <NetworkFacts network={network} />
      <PoolUse network={network} />
      {history === undefined ? null : <PoolChart network={network} history={history} />}
      <OtherServers servers={network.otherServers} />
      <Counters counters={network.counters} />
      <p class="actions">
        <a class="button" href={hrefOf({ kind: 'leases', network: name })}>
          Leases of {name}
        </a>
        <a class="button" href={hrefOf({ kind: 'events', about: name })}>
          Events of {name}
        </a>
      </p>
    </section>
  )
}

const ADMIT_WORDS: Readonly<Record<string, string>> = {
  enrolled: 'enrolled phones only',
  phones: 'any phone of a supported model',
  anyone: 'anyone',
}

const ROGUE_WORDS = {
  warn: 'goes on serving, and warns',
  refuse: 'stops serving until it is gone',
} as const satisfies Record<Network['onRogueServer'], string>

/** Null where there is none: it is left out. */
function listOf(addresses: readonly string[]): string | null {
  return addresses.length === 0 ? null : addresses.join(', ')
}

function NetworkFacts({ network }: { readonly network: Network }) {
  const { address, subnet, pool, admit, autoEnrol, router, dns, tftpServers } = network
  const facts = [
    ['Interface', network.interface ?? 'reached through relays'],
    ['Appliance address', `${address} in ${subnet}`],
    ['Pool', pool.join(', ')],
    ['Routers', listOf(router)],
    ['DNS servers', listOf(dns)],
    ['TFTP servers', listOf(tftpServers)],
    ['Lease time', durationWords(network.leaseSeconds)],
    ['Serves', ADMIT_WORDS[admit] ?? admit],
    ['Beside another DHCP server', ROGUE_WORDS[network.onRogueServer]],
    ['Automatic enrolment with', autoEnrol],
  ] as const
  return <Facts facts={facts} />
}

function PoolUse({ network: { name, use } }: { readonly network: Network }) {
  const { size, bound, offered, declined, free, boundOutside } = use
  const taken = size - free
  return (
    <>
      <meter min={0} max={size} value={taken} aria-label={`Pool of ${name}`}>
        {taken} of {size}
      </meter>
      <p>
        {taken} of {size} addresses in use: {bound} bound, {offered} offered, {declined} declined;{' '}
        {free} free
        {boundOutside === 0 ? '' : `; ${boundOutside} leases outside the pool`}
      </p>
    </>
  )
}

function OtherServers({ servers }: { readonly servers: Network['otherServers'] }) {
  if (servers.length === 0) return <p>No other DHCP server has been seen.</p>
  const names = servers.map(({ address, mac }) =>
    mac ? `${address} (${formatMac(mac)})` : address,
  )
  return <p class="note bad">Other DHCP servers: {names.join(', ')}</p>
}

function Counters({ counters }: { readonly counters: Network['counters'] }) {
  const rows = Object.entries(counters).sort(([a], [b]) => a.localeCompare(b))
  if (rows.length === 0) return <p class="hint">No traffic since the start.</p>
  return (
    <details>
      <summary>Counters since start</summary>
      <table>
        <tbody>
          {rows.map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{counterWords(name)}</th>
              <td class="number">{count.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
