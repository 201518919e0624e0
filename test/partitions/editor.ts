import { setTimeout as pause } from 'node:timers/promises'
import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { keepActing } from '../support/keep-acting.ts'
import type { Appliance } from './appliance.ts'
import type { Ground } from './ground.ts'
import type { Companion } from './rounds.ts'

/** Phones that are edited and never appear. */
const EDITED = ['02000000ED01', '02000000ED02']

/** Between two edits on one appliance, in milliseconds at most. */
const IDLE_MS = 600

/** An edit reaches the other appliance within this, in milliseconds. */
const SEEN_WITHIN_MS = 20_000

/** What is known of the edits of a phone. */
export class EditLedger {
  /** Acknowledged labels, by the revision that they made. */
  readonly #labels = new Map<number, string>()
  /** Revisions on which an acknowledged edit was made. */
  readonly #bases = new Set<number>()
  /** Labels of edits whose outcome nobody knows. */
  readonly #unknown = new Set<string>()
  readonly #name: string
  acknowledged = 0

  constructor(name: string) {
    this.#name = name
  }

  /** @returns What is wrong with it, in words; null if nothing. */
  onAcknowledged(base: number, revision: number, label: string): string | null {
    this.acknowledged++
    const isTwice = this.#bases.has(base) || this.#labels.has(revision)
    this.#bases.add(base)
    this.#labels.set(revision, label)
    return isTwice ? `I7 two edits of ${this.#name} were acknowledged on revision ${base}` : null
  }

  onUnknown(label: string): void {
    this.#unknown.add(label)
  }

  /** What is wrong with the phone as it stands after everything has healed; null if nothing. */
  judge(revision: number, label: string): string | null {
    const newest = Math.max(0, ...this.#labels.keys())
    const known = this.#labels.get(revision)
    if (revision < newest) {
      return `I7 ${this.#name} is at revision ${revision}, and ${newest} was acknowledged`
    }
    if (known === undefined ? this.#unknown.has(label) || newest === 0 : known === label)
      return null
    return `I7 ${this.#name} is called ${label} at revision ${revision}, not ${known ?? 'as edited'}`
  }
}

/** Edits the same phones on both appliances at once, each edit on the revision that it has seen. */
export class Editor implements Companion {
  readonly #ground: Ground
  readonly #chance: PseudoRandom
  readonly #ledgers = new Map(EDITED.map((mac) => [mac, new EditLedger(mac)]))
  readonly #found: string[] = []
  #count = 0

  constructor(ground: Ground, chance: PseudoRandom) {
    this.#ground = ground
    this.#chance = chance
  }

  /** Edits that were acknowledged. */
  get acknowledged(): number {
    return [...this.#ledgers.values()].reduce((sum, one) => sum + one.acknowledged, 0)
  }

  /** Enrols a phone on each appliance. */
  async begin(): Promise<void> {
    for (const [index, mac] of EDITED.entries()) {
      const body = { model: '7960', label: 'first' }
      const appliance = this.#ground.appliances[index] ?? this.#ground.a
      const { status } = await appliance.ask(pathOf(mac), { method: 'PUT', body })
      if (status !== 201) throw new Error(`${mac} cannot be enrolled: ${status}`)
    }
  }

  readonly run = async (isOver: () => boolean): Promise<void> => {
    const acting = { chance: this.#chance, idleMs: IDLE_MS, isOver }
    const onOne = async (appliance: Appliance) => {
      if (appliance.isRunning) await this.#edit(appliance)
    }
    const { appliances } = this.#ground
    await Promise.all(appliances.map((one) => keepActing(() => onOne(one), acting)))
  }

  readonly judge = async (): Promise<readonly string[]> => {
    for (const [mac, ledger] of this.#ledgers) {
      const ends = await this.#agreed(mac)
      if (ends === null) this.#found.push(`I7 the appliances do not agree on ${mac}`)
      else this.#note(ledger.judge(ends.revision, ends.label))
    }
    return this.#found.splice(0)
  }

  async #edit(appliance: Appliance): Promise<void> {
    const mac = EDITED[this.#chance.below(EDITED.length)] ?? ''
    const ledger = this.#ledgers.get(mac)
    const seen = await read(appliance, mac)
    if (seen === null || ledger === undefined) return
    const label = `edit ${++this.#count}`
    const headers = { 'if-match': `${seen.etag}` }
    const options = { method: 'PUT', headers, body: { model: '7960', label }, withinMs: 8000 }
    const { status, etag } = await appliance.ask(pathOf(mac), options)
    if (status === 200) {
      this.#note(ledger.onAcknowledged(seen.revision, revisionOf(etag), label))
    } else if (status !== 412) ledger.onUnknown(label)
  }

  /** What both say, once they say the same. */
  async #agreed(mac: string) {
    const [a, b] = this.#ground.appliances
    for (const until = Date.now() + SEEN_WITHIN_MS; Date.now() < until; await pause(100)) {
      const [here, there] = await Promise.all([read(a, mac), read(b, mac)])
      if (here !== null && here.etag === there?.etag && here.label === there.label) return here
    }
    return null
  }

  #note(found: string | null): void {
    if (found !== null) this.#found.push(found)
  }
}

function pathOf(mac: string): string {
  return `/v1/phones/${mac}`
}

async function read(appliance: Appliance, mac: string) {
  const { status, etag, body } = await appliance.ask(pathOf(mac))
  if (status !== 200 || etag === null) return null
  return { etag, revision: revisionOf(etag), label: (body as { label: string }).label }
}

function revisionOf(etag: string | null): number {
  return Number(etag?.replaceAll(/\D/g, ''))
}
