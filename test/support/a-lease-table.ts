import type { LeaseChange } from '../../src/leases/binding.ts'
import type { Choice, Claim } from '../../src/leases/lease-decision.ts'
import type { LeaseClient, LeaseScope } from '../../src/leases/lease-scope.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import { formatIpv4, type Ipv4 } from '../../src/net/ipv4.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import { ip } from './a-dhcp-message.ts'
import { aScope, START_MS } from './dhcp-lab.ts'

const LEASE_MS = 300_000
const HOLD_MS = 60_000

/** A client by a short name: `a` to `f` stand for different phones. */
export function aClient(name: string, parts: Partial<LeaseClient> = {}): LeaseClient {
  const mac = parseMac(`02:00:00:00:00:0${name}`) as Mac
  return { key: `hw:01${mac}`, mac, fixedAddress: null, ...parts }
}

/** A lease table with a clock, asked in texts. */
export class LeaseBench {
  readonly owners = new Map<Ipv4, Mac>()
  readonly leaseTable: LeaseTable
  nowMs = START_MS

  constructor(scopes: readonly LeaseScope[] = [aScope()], maxHolds?: number) {
    const fixed = { ownerOf: (address: Ipv4) => this.owners.get(address) }
    this.leaseTable = new LeaseTable(scopes, fixed, maxHolds === undefined ? {} : { maxHolds })
  }

  choose(client: LeaseClient, requested: string | null = null): Choice | undefined {
    const address = requested === null ? null : ip(requested)
    return this.leaseTable.choose('bench', client, address, this.nowMs)
  }

  /** `10.20.0.50 free`, or `none`. */
  chosen(client: LeaseClient, requested: string | null = null): string {
    const choice = this.choose(client, requested)
    return choice === undefined ? 'none' : `${formatIpv4(choice.address)} ${choice.rule}`
  }

  hold(client: LeaseClient, address: string, heldMs = HOLD_MS): void {
    this.leaseTable.hold('bench', {
      client: client.key,
      mac: client.mac,
      address: ip(address),
      leaseSeconds: 300,
      isCleared: true,
      heldUntilMs: this.nowMs + heldMs,
    })
  }

  claim(client: LeaseClient, address: string): Claim {
    return this.leaseTable.claim('bench', client, ip(address), this.nowMs)
  }

  /** The claim in one word: `bound`, `offered`, `free`, or why it was refused. */
  claimed(client: LeaseClient, address: string): string {
    const claim = this.claim(client, address)
    return claim.kind === 'refused' ? claim.reason : claim.kind
  }

  bind(client: LeaseClient, address: string, leaseMs = LEASE_MS): readonly LeaseChange[] {
    const grant = {
      address: ip(address),
      expiresAtMs: this.nowMs + leaseMs,
      vendorClass: '',
      hostName: '',
      relayAgent: '',
    }
    return this.leaseTable.bind('bench', client, grant, this.nowMs)
  }

  /** The MAC address of the live binding at an address. */
  holder(address: string): Mac | null | undefined {
    return this.leaseTable.clientAt(ip(address), this.nowMs)?.mac
  }
}
