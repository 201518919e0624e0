import fc from 'fast-check'
import t from 'tap'
import type { Scope } from '../../src/dhcp/scope.ts'
import type { Binding } from '../../src/leases/binding.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import { formatIpv4 } from '../../src/net/ipv4.ts'
import {
  aDecline,
  aDiscover,
  aRelease,
  aRequest,
  ip,
  type MessageParts,
} from '../support/a-dhcp-message.ts'
import { aScope, DhcpLab, type Outcome, SERVER } from '../support/dhcp-lab.ts'

/*
 * The promise "one address, one live binding", checked against any events in any order:
 * messages of several clients, true and forged, time that passes or jumps, edits of pools and
 * reservations, restarts from the stored table, answers from the wire.
 *
 * The judge knows the server by its ACKs alone, as the clients do: who was told until when.
 */

const CLIENTS = 5
const ADDRESSES = ['10.20.0.50', '10.20.0.51', '10.20.0.52', '10.20.0.53', '10.20.0.61']
const macOf = (client: number) => `02000000000${client}`

const POOLS = [
  [{ first: ip('10.20.0.50'), last: ip('10.20.0.53') }],
  [{ first: ip('10.20.0.50'), last: ip('10.20.0.51') }],
  [{ first: ip('10.20.0.52'), last: ip('10.20.0.61') }],
  [],
] as const

type Step =
  | {
      readonly kind: 'message'
      readonly client: number
      readonly act: Act
      readonly address: string
    }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'edit'; readonly pool: number; readonly probe: boolean }
  | { readonly kind: 'reserve'; readonly client: number; readonly address: string | null }
  | { readonly kind: 'restart' }
  | { readonly kind: 'wire'; readonly address: string; readonly inUse: boolean | null }
  | { readonly kind: 'wake' }

type Act = 'discover' | 'selecting' | 'init-reboot' | 'renewing' | 'release' | 'decline' | 'rapid'

const client = fc.nat(CLIENTS - 1)
const address = fc.constantFrom(...ADDRESSES)
const act = fc.constantFrom<Act>(
  'discover',
  'selecting',
  'init-reboot',
  'renewing',
  'release',
  'decline',
  'rapid',
)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({ kind: fc.constant('message' as const), client, act, address }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        ms: fc.constantFrom(1000, 70_000, 200_000, 301_000, 86_400_000, -86_400_000, -100_000),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('edit' as const),
        pool: fc.nat(POOLS.length - 1),
        probe: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('reserve' as const),
        client,
        address: fc.option(address),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'restart' }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('wire' as const),
        address,
        inUse: fc.constantFrom(true, false, null),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'wake' }) },
  ),
  { maxLength: 120 },
)

/** What clients believe: who was told that an address is theirs, and until when. */
class Judge {
  readonly #reported = new Map<string, { readonly mac: string; readonly untilMs: number }>()

  /** Takes the ACKs of an outcome; the first address that was given twice, if any. */
  hear({ replies }: Outcome, nowMs: number): string | undefined {
    for (const { type, yiaddr, message } of replies) {
      if (type !== 'ack') continue
      const mac = Buffer.from(message.chaddr.subarray(0, 6)).toString('hex')
      const before = this.#reported.get(yiaddr)
      if (before !== undefined && before.mac !== mac && before.untilMs > nowMs) return yiaddr
      const lease = message.options.get(51) ?? new Uint8Array(4)
      const seconds = Buffer.from(lease).readUInt32BE()
      // A client that is told one address gives up the one that it had before.
      for (const [other, { mac: holder }] of this.#reported)
        if (holder === mac) this.#reported.delete(other)
      this.#reported.set(yiaddr, { mac, untilMs: nowMs + seconds * 1000 })
    }
    return undefined
  }

  /** Our clock was set back; for the clients no time has passed. */
  setClockBack(ms: number): void {
    for (const [given, { mac, untilMs }] of this.#reported) {
      this.#reported.set(given, { mac, untilMs: untilMs + ms })
    }
  }

  /** The client has given the address up, and was not merely said to. */
  forget(mac: string, given: string): void {
    if (this.#reported.get(given)?.mac === mac) this.#reported.delete(given)
  }
}

/** A server over a table that is stored, so that it can be started again. */
class World {
  readonly judge = new Judge()
  readonly #stored = new Map<number, Binding>()
  #scope: Scope = aScope({ pools: POOLS[0], rapidCommit: true })
  lab = new DhcpLab({ scopes: [this.#scope] })

  take(step: Step): string | undefined {
    switch (step.kind) {
      case 'message':
        return this.#send(step.client, step.act, step.address)
      case 'pass':
        this.lab.pass(step.ms)
        if (step.ms < 0) this.judge.setClockBack(step.ms)
        return undefined
      case 'edit':
        this.#scope = { ...this.#scope, pools: POOLS[step.pool] ?? [], probe: step.probe }
        this.lab.server.replaceScopes([this.#scope], this.lab.nowMs)
        return undefined
      case 'reserve':
        this.lab.enroll(macOf(step.client), {
          network: null,
          address: step.address === null ? null : ip(step.address),
        })
        return undefined
      case 'restart':
        this.#restart()
        return undefined
      case 'wire':
        return this.#settle(this.lab.probed(step.address, step.inUse))
      case 'wake':
        return this.#settle(this.lab.wake())
      default:
        return step satisfies never
    }
  }

  /** Each address has one row, each client one live address. */
  isConsistent(): boolean {
    const live = [...this.lab.leaseTable.bindings()].filter(
      ({ state, expiresAtMs }) => state === 'bound' && expiresAtMs > this.lab.nowMs,
    )
    return new Set(live.map(({ client: key }) => key)).size === live.length
  }

  #send(who: number, what: Act, where: string): string | undefined {
    const mac = macOf(who)
    const outcome = this.lab.handle(messageOf(what, { mac }, where))
    const [event] = outcome.events
    if (event?.event === 'dhcp.lease.released' || event?.event === 'dhcp.address.declined') {
      this.judge.forget(mac, formatIpv4(event.address))
    }
    return this.#settle(outcome)
  }

  #settle(outcome: Outcome): string | undefined {
    for (const change of outcome.changes) {
      if (change.kind === 'put') this.#stored.set(change.binding.address, change.binding)
      else this.#stored.delete(change.address)
    }
    return this.judge.hear(outcome, this.lab.nowMs)
  }

  #restart(): void {
    const { enrolled, nowMs } = this.lab
    this.lab = new DhcpLab({ scopes: [this.#scope] })
    this.lab.nowMs = nowMs
    for (const [mac, phone] of enrolled) this.lab.enroll(mac, phone)
    this.lab.leaseTable.load([...this.#stored.values()], nowMs)
  }
}

function messageOf(what: Act, parts: MessageParts, where: string) {
  switch (what) {
    case 'discover':
      return aDiscover({ ...parts, requested: where })
    case 'rapid':
      return aDiscover({ ...parts, options: [[80, new Uint8Array(0)]] })
    case 'selecting':
      return aRequest({ ...parts, requested: where, serverId: SERVER })
    case 'init-reboot':
      return aRequest({ ...parts, requested: where })
    case 'renewing':
      return aRequest({ ...parts, ciaddr: where })
    case 'release':
      return aRelease({ ...parts, ciaddr: where, serverId: SERVER })
    case 'decline':
      return aDecline({ ...parts, requested: where, serverId: SERVER })
    default:
      return what satisfies never
  }
}

t.test('RFC 2131 section 2.2: no live address ever belongs to two clients', async () => {
  fc.assert(
    fc.property(steps, (story) => {
      const world = new World()
      for (const step of story) {
        const twice = world.take(step)
        if (twice !== undefined) throw new Error(`${twice} was given twice`)
      }
      return world.isConsistent()
    }),
    { seed: 2131, numRuns: 1500 },
  )
})

t.test('the judge would notice: a table that forgets gives an address twice', async (t) => {
  const world = new World()
  world.take({ kind: 'message', client: 0, act: 'selecting', address: '10.20.0.50' })
  const fresh = new LeaseTable([aScope()], { ownerOf: () => undefined })
  t.equal(fresh.at(ip('10.20.0.50')), undefined)
  world.lab = new DhcpLab()
  const twice = world.take({ kind: 'message', client: 1, act: 'selecting', address: '10.20.0.50' })
  t.equal(twice, '10.20.0.50')
})
