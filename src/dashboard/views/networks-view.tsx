import type { Network } from '../data/types.ts'
import { formatMac } from '../words/format.ts'

/** The networks: who holds the pool, what was counted, who else serves. */
export function NetworksView({ networks }: { readonly networks: readonly Network[] | null }) {
  return (
    <>
      <h1>Networks</h1>
      {networks === null ? <p>Reading the networks.</p> : null}
      {networks?.length === 0 ? <p>The configuration names no network.</p> : null}
      {networks?.map((network) => (
        <NetworkCard key={network.name} network={network} />
      ))}
    </>
  )
}

function NetworkCard({ network }: { readonly network: Network }) {
  const { name, vlan, address, subnet, pool, admit, autoEnrol, notServedBecause } = network
  const titleId = `network-${name}`
  return (
    <section class="card" aria-labelledby={titleId}>
      <h2 id={titleId}>
        {name}
        {vlan === null ? '' : `, VLAN ${vlan}`}
      </h2>
      {notServedBecause === null ? null : <p class="note bad">Not served: {notServedBecause}</p>}
      <p class="hint">
        {network.interface ?? 'reached through relays'} · {address} in {subnet} · pool{' '}
        {pool.join(', ')} · admits {admit}
        {autoEnrol === null ? '' : ` · enrols by itself with ${autoEnrol}`}
      </p>
      <PoolUse network={network} />
      <OtherServers servers={network.otherServers} />
      <Counters counters={network.counters} />
    </section>
  )
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
        {boundOutside === 0 ? '' : `; ${boundOutside} bound beside the pool`}
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
  if (rows.length === 0) return <p class="hint">Nothing has been counted since start.</p>
  return (
    <details>
      <summary>Counters since start</summary>
      <table>
        <tbody>
          {rows.map(([name, count]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td class="number">{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
