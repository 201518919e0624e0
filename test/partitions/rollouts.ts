import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { PseudoRandom } from '../../src/simulator/pseudo-random.ts'
import { aFirmwareZip } from '../system/support/a-firmware-zip.ts'
import type { Appliance } from './appliance.ts'
import type { Ground } from './ground.ts'
import { NETWORK, PHONE_SPEED } from './places.ts'
import type { Companion } from './rounds.ts'
import { VLAN_INTERFACE } from './site.ts'

/** The phones, and addresses of their own outside of what clients get. */
const PHONES = [1, 2, 3, 4].map((index) => ({
  mac: `02000000A00${index}`,
  address: `10.20.2.${index}`,
}))
const CANARIES = 1
const WAVE_SIZE = 2

/** The phones go from one to the other, and back in the next roll-out. */
const LOADS = ['P00308000500', 'P0S3-8-12-00'] as const

/** How often the appliances are asked, in milliseconds. */
const EVERY_MS = 500

/** A phone that is plugged in reaches its load within this, in seconds, whatever happens meanwhile. */
const PHONE_SECONDS = 400

/** What a roll-out and a conversion show of themselves. */
type RolloutView = { readonly phones: readonly { readonly mac: string; readonly state: string }[] }
type ConversionView = {
  readonly mac: string
  readonly to: string
  readonly state: string
  readonly step: number
}

const UNDER_WAY = ['waiting', 'running']

/** Whether what one appliance shows of phones and roll-outs keeps to the rules, look after look. */
export class RolloutWatch {
  /** By phone: how far its conversion to a load was seen, by any appliance. */
  readonly #steps = new Map<string, number>()
  /** Phones in whose place another has started: one that goes on by itself later is one more. */
  readonly #stalled = new Set<string>()

  /** @returns What is wrong with a roll-out, in words. */
  onRollout(name: string, { phones }: RolloutView): readonly string[] {
    for (const { mac, state } of phones) if (state === 'stalled') this.#stalled.add(mac)
    const underWay = phones.filter(
      ({ mac, state }) => UNDER_WAY.includes(state) && !this.#stalled.has(mac),
    )
    const isConfirmed = phones.slice(0, CANARIES).every(({ state }) => state === 'confirmed')
    const most = isConfirmed ? WAVE_SIZE : CANARIES
    if (underWay.length <= most) return []
    const macs = underWay.map(({ mac }) => mac).join(' ')
    return [`I7 roll-out ${name} has ${underWay.length} phones under way, not ${most}: ${macs}`]
  }

  /**
   * What the owner shows of a conversion once everything has healed: it is never behind what was
   * shown before.
   */
  onHealed(conversions: readonly ConversionView[]): readonly string[] {
    return conversions.flatMap(({ mac, to, state, step }) => {
      const far = state === 'confirmed' ? Number.MAX_SAFE_INTEGER : step
      const key = `${mac} ${to}`
      const before = this.#steps.get(key) ?? 0
      this.#steps.set(key, Math.max(before, far))
      return far < before ? [`I7 ${mac} went back to step ${step} on its way to ${to}`] : []
    })
  }

  /** The next roll-out begins: phones go the same way again. */
  forget(): void {
    this.#steps.clear()
    this.#stalled.clear()
  }
}

/** One roll-out after another over simulated phones, which are plugged in when their turn has come. */
export class Rollouts implements Companion {
  readonly #ground: Ground
  readonly #namespace: string
  readonly #main: string
  readonly #chance: PseudoRandom
  readonly #watch = new RolloutWatch()
  readonly #found: string[] = []
  readonly #running = new Map<string, ChildProcess>()
  #count = 0
  #isUnderWay = false
  /** Roll-outs that ended with every phone confirmed, and phones that reached their load. */
  completed = 0
  converted = 0

  constructor(parts: {
    readonly ground: Ground
    readonly namespace: string
    readonly main: string
    readonly chance: PseudoRandom
  }) {
    this.#ground = parts.ground
    this.#namespace = parts.namespace
    this.#main = parts.main
    this.#chance = parts.chance
  }

  async begin(): Promise<void> {
    const { a } = this.#ground
    for (const load of LOADS) {
      const zip = await aFirmwareZip(load)
      await a.process.api.post('/v1/firmware', zip, 'application/zip')
    }
    for (const { mac, address } of PHONES) {
      await a.process.api.put(`/v1/phones/${mac}`, { model: '7960', network: NETWORK, address })
    }
  }

  readonly run = async (isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      await pause(EVERY_MS)
      if (!this.#isUnderWay) await this.#start()
      for (const appliance of this.#ground.appliances) await this.#look(appliance)
    }
  }

  readonly judge = async (): Promise<readonly string[]> => {
    const owner = await this.#ground.latestOwner()
    const { status, body } = await owner.ask('/v1/conversions')
    if (status === 200) this.#found.push(...this.#watch.onHealed(body as ConversionView[]))
    await this.#finish()
    return [...new Set(this.#found.splice(0))]
  }

  /** Ends the phones. */
  close(): void {
    for (const child of this.#running.values()) child.kill('SIGKILL')
  }

  get #from(): string {
    return LOADS[(this.#count + 1) % 2] ?? LOADS[0]
  }

  get #to(): string {
    return LOADS[this.#count % 2] ?? LOADS[1]
  }

  get #name(): string {
    return `rollout-${this.#count}`
  }

  async #start(): Promise<void> {
    const appliance = this.#ground.appliances[this.#chance.below(2)] ?? this.#ground.a
    this.#count++
    const body = {
      phones: PHONES.map(({ mac }) => mac),
      ...{ from: this.#from, to: this.#to, canaries: CANARIES, waveSize: WAVE_SIZE },
      stopAfter: PHONES.length,
    }
    const { status } = await appliance.ask(`/v1/rollouts/${this.#name}`, { method: 'PUT', body })
    if (status === 201 || status === 200) {
      this.#watch.forget()
      this.#isUnderWay = true
    } else this.#count--
  }

  async #look(appliance: Appliance): Promise<void> {
    if (!this.#isUnderWay) return
    const { status, body } = await appliance.ask(`/v1/rollouts/${this.#name}`, { withinMs: 1500 })
    if (status !== 200) return
    const view = body as RolloutView
    this.#found.push(...this.#watch.onRollout(this.#name, view))
    for (const { mac, state } of view.phones) {
      if (state === 'waiting' && !this.#running.has(mac)) this.#plugIn(mac)
    }
  }

  #plugIn(mac: string): void {
    const phone = ['--mac', mac, '--load', this.#from, '--until', this.#to]
    const how = ['--interface', VLAN_INTERFACE, '--speed', `${PHONE_SPEED}`]
    const limit = ['--timeout', `${PHONE_SECONDS}`]
    const command = [process.execPath, this.#main, 'simulate', ...phone, ...how, ...limit]
    const args = ['netns', 'exec', this.#namespace, ...command]
    const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (text: Buffer) => {
      output = `${output}${text}`.slice(-1500)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    this.#running.set(mac, child)
    child.on('exit', (code, signal) => {
      if (code === 0) this.converted++
      else if (signal === null) this.#found.push(`I7 ${mac} did not reach ${this.#to}: ${output}`)
    })
  }

  /** Ends a roll-out in which every phone has got where it should: both appliances say so. */
  async #finish(): Promise<void> {
    const ends = [...this.#running.values()].map(({ exitCode }) => exitCode)
    if (ends.length < PHONES.length || ends.some((code) => code === null)) return
    const said = await Promise.all(this.#ground.appliances.map((one) => this.#confirmed(one)))
    if (!said.every(Boolean)) return
    this.#running.clear()
    this.#isUnderWay = false
    this.completed++
  }

  async #confirmed(appliance: Appliance): Promise<boolean> {
    const { status, body } = await appliance.ask(`/v1/rollouts/${this.#name}`)
    const phones = status === 200 ? (body as RolloutView).phones : []
    return phones.length > 0 && phones.every(({ state }) => state === 'confirmed')
  }
}
