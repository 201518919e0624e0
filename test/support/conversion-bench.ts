import type { Conversion } from '../../src/conversion/conversion.ts'
import { ConversionEngine } from '../../src/conversion/conversion-engine.ts'
import type { ConversionEffect } from '../../src/conversion/events.ts'
import { FileView } from '../../src/conversion/file-view.ts'
import type { ConversionRequest } from '../../src/conversion/plan-request.ts'
import { DhcpServer } from '../../src/dhcp/dhcp-server.ts'
import type { DhcpEffect } from '../../src/dhcp/effect.ts'
import type { DhcpEvent } from '../../src/dhcp/events.ts'
import { FileCache } from '../../src/files/file-cache.ts'
import { Inventory } from '../../src/inventory/inventory.ts'
import type { PhoneDraft } from '../../src/inventory/phone-draft.ts'
import { LeaseTable } from '../../src/leases/lease-table.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import { type Mac, macFromBytes } from '../../src/net/mac.ts'
import { parseFirmwareName } from '../../src/phones/firmware-name.ts'
import { readVendorClass } from '../../src/phones/vendor-class.ts'
import { AutoEnrol, autoEnrolProfiles } from '../../src/services/clients/auto-enrol.ts'
import { clientDirectory } from '../../src/services/clients/client-directory.ts'
import { clientLookup } from '../../src/services/clients/client-lookup.ts'
import { EnrolmentTrouble } from '../../src/services/clients/enrolment-trouble.ts'
import { knownNetworks } from '../../src/services/clients/known-networks.ts'
import { viewMaterial } from '../../src/services/conversions/view-material.ts'
import { Counters } from '../../src/services/events/counters.ts'
import { Journal } from '../../src/services/events/journal.ts'
import { Recorder } from '../../src/services/events/recorder.ts'
import { Tracking } from '../../src/services/tracking/tracking.ts'
import { scopesOf } from '../../src/settings/scopes.ts'
import type { SocketEffect, SocketNews } from '../../src/simulator/application/effect.ts'
import type { PhoneEffect } from '../../src/simulator/effect.ts'
import type { PhoneEvent } from '../../src/simulator/events.ts'
import { flashRunning, type PhoneFlash } from '../../src/simulator/phone-flash.ts'
import { SimulatedPhone, type SimulatedPhoneConfig } from '../../src/simulator/simulated-phone.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import type { TftpEffect } from '../../src/tftp/effect.ts'
import type { TftpEvent } from '../../src/tftp/events.ts'
import { DEFAULT_RETRY_POLICY } from '../../src/tftp/retransmission-timer.ts'
import { TftpServer } from '../../src/tftp/tftp-server.ts'
import { decodeMessage } from '../../src/wire/dhcp/decode-message.ts'
import { writeDataHeader } from '../../src/wire/tftp/encode-packet.ts'
import { aLog } from './a-log.ts'
import { ipOf } from './an-inventory.ts'
import { aConfiguration, settingsOf } from './configuration.ts'
import { MemoryInventoryStore } from './memory-inventory-store.ts'
import { VirtualTime } from './virtual-time.ts'

/** 14 November 2023, 22:13:20 UTC. */
export const BENCH_STARTS_AT_MS = 1_700_000_000_000

const OURS = ipOf('10.20.0.2')
const LISTENER = 0
const LATENCY_MS = 0.2

/** A phone at the bench. */
export type BenchPhone = {
  readonly mac: Mac
  readonly phone: SimulatedPhone
  readonly events: PhoneEvent[]
  readonly ports: Map<number, { readonly port: number; readonly server: Ipv4; address: Ipv4 }>
  wakeAtMs: number | null
}

/** Who else sees the bench: call control, and what restarts phones. */
export type BenchWatch = {
  onSocket(phone: BenchPhone, effect: SocketEffect): void
  onDhcp(event: DhcpEvent): void
  onTftp(event: TftpEvent): void
  onConversion(conversion: Conversion): void
}

type Plugged = Partial<Omit<SimulatedPhoneConfig, 'mac' | 'flash'>> & {
  readonly load?: string
  readonly flash?: PhoneFlash
}

/**
 * The engines of the appliance, joined as `compose.ts` joins them, and simulated phones on one wire, on
 * a clock that jumps: whole conversions of many phones without sockets and without waiting.
 */
export class ConversionBench {
  readonly time = new VirtualTime(BENCH_STARTS_AT_MS)
  readonly phones = new Map<Mac, BenchPhone>()
  readonly inventory: Inventory
  readonly engine: ConversionEngine
  readonly leaseTable: LeaseTable
  readonly journal: Journal
  readonly view: FileView
  readonly tracking: Tracking
  readonly enrolment: AutoEnrol
  readonly trouble: EnrolmentTrouble
  readonly #dhcp: DhcpServer
  readonly #tftp: TftpServer
  readonly #recorder: Recorder
  readonly #byPort = new Map<string, { readonly phone: BenchPhone; readonly transferId: number }>()
  /** Null: phones find nobody to register with. */
  watch: BenchWatch | null = null
  #nextChannel = 1
  #nextPort = 20_000
  #nextXid = 1
  #tftpWakeAtMs = Number.POSITIVE_INFINITY

  private constructor(inventory: Inventory, cache: FileCache, network: object) {
    const settings = settingsOf(aConfiguration({ ...BENCH_NETWORK, ...network }))
    this.inventory = inventory
    this.leaseTable = new LeaseTable(scopesOf(settings), clientDirectory(inventory))
    this.engine = new ConversionEngine(inventory, (effects) => this.#perform(effects))
    this.journal = new Journal({ append: async () => undefined }, 0, () => undefined)
    const lookup = clientLookup(settings.networks, { leaseTable: this.leaseTable, inventory })
    const { log } = aLog('silent')
    this.trouble = new EnrolmentTrouble({
      isEnrolled: (mac) => inventory.phone(mac) !== undefined,
      awaitsConversion: (mac) => this.engine.conversion(mac) === undefined,
    })
    this.enrolment = new AutoEnrol({
      trouble: this.trouble,
      profiles: autoEnrolProfiles(settings),
      inventory,
      leaseTable: this.leaseTable,
      engine: this.engine,
      journal: this.journal,
      log,
      nowMs: () => this.time.nowMs,
    })
    const isEnrolled = (mac: Mac) => inventory.phone(mac) !== undefined
    this.#recorder = new Recorder(log, this.journal, new Counters(), isEnrolled)
    const material = viewMaterial({
      inventory,
      cache,
      folder: () => new Map(),
      sharedTriggers: false,
    })
    const callControl = { sipPort: 5060, sccp: true }
    const callControlAt = () => (this.watch === null ? null : callControl)
    this.view = new FileView({ ...material, callControlAt }, this.engine)
    this.tracking = new Tracking({
      engine: this.engine,
      view: this.view,
      clients: lookup,
      inventory,
      enrolment: this.enrolment,
    })
    this.#recorder.follow(this.tracking)
    this.#dhcp = new DhcpServer({
      scopes: scopesOf(settings),
      leaseTable: this.leaseTable,
      directory: clientDirectory(inventory),
      isPhone: (vendorClass) => readVendorClass(vendorClass).kind === 'family',
      nextXid: () => this.#nextXid++,
      promises: { promiseOf: (record) => record, isFailing: () => false },
    })
    this.#tftp = new TftpServer(
      {
        clientSubnets: settings.networks.map(({ subnet }) => subnet),
        retry: DEFAULT_RETRY_POLICY,
        maxTransfersPerClient: 16,
        maxTransfers: 4096,
        maxBlockSize: 1468,
        maxWindowSize: 64,
      },
      {
        files: this.tracking,
        holder: cache,
        tids: {
          take: () => this.#nextChannel++,
          giveBack: () => undefined,
          forReply: () => LISTENER,
        },
      },
    )
  }

  /** A bench with these firmware sets in its inventory; `network` over the keys of its network. */
  static async open(loads: readonly string[], network: object = {}): Promise<ConversionBench> {
    const cache = new FileCache(1 << 30)
    const settings = settingsOf(aConfiguration({ ...BENCH_NETWORK, ...network }))
    const { inventory } = await Inventory.load({
      store: new MemoryInventoryStore(),
      cache,
      networks: knownNetworks(settings.networks),
      switches: settings.switches,
    })
    const bench = new ConversionBench(inventory, cache, network)
    for (const load of loads) await bench.addFirmware(load)
    return bench
  }

  async addFirmware(load: string): Promise<void> {
    const parsed = parseFirmwareName(load)
    if (parsed.kind === 'bad') throw new Error(`${load} ${parsed.fault}`)
    const { protocol, ual } = parsed.name
    const sipLoader = `P003${load.slice(4)}`
    await this.inventory.putFirmware({
      load,
      protocol: protocol === 'sip' ? 'sip' : 'sccp',
      loader: ual ? (protocol === 'sip' ? sipLoader : load) : null,
      addedAtMs: this.time.nowMs,
      contents: makeFirmwareSet(load),
    })
  }

  async enrol(mac: Mac, draft: Partial<PhoneDraft> = {}): Promise<void> {
    const lines = [{ name: '1201', password: 'Sesame-1201' }]
    const outcome = await this.inventory.putPhone({ mac, model: '7960', lines, ...draft })
    if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome))
  }

  /** Asks for a conversion of an enrolled phone, one-way steps accepted. */
  start(mac: Mac, request: ConversionRequest) {
    const phone = this.inventory.phone(mac)
    if (phone === undefined) throw new Error(`${mac} is not enrolled`)
    return this.engine.start(phone, { acceptOneWay: true, ...request }, this.time.nowMs)
  }

  conversion(mac: Mac): Conversion | undefined {
    return this.engine.conversion(mac)
  }

  /** Plugs a phone in and switches it on. */
  plugIn(mac: Mac, { load, flash, ...config }: Plugged): BenchPhone {
    const inside = flash ?? flashRunning(load ?? 'P00305000300')
    const phone = new SimulatedPhone({ mac, model: '7960', ...config, flash: inside }, seedOf(mac))
    const plugged = { mac, phone, events: [], ports: new Map(), wakeAtMs: null }
    this.phones.set(mac, plugged)
    this.powerCycle(mac)
    return plugged
  }

  powerCycle(mac: Mac): void {
    const plugged = this.phones.get(mac)
    if (plugged !== undefined) this.#act(plugged, plugged.phone.powerOn(this.time.nowMs))
  }

  /** A switch takes the power of a phone away. */
  powerOff(mac: Mac): void {
    const plugged = this.phones.get(mac)
    if (plugged !== undefined) this.#act(plugged, plugged.phone.powerOff())
  }

  /** Tells a phone what happens at its sockets. */
  deliver(plugged: BenchPhone, news: SocketNews): void {
    if (this.phones.get(plugged.mac) !== plugged) return
    this.#act(plugged, plugged.phone.onSocket(news, this.time.nowMs))
  }

  /** Unplugs a phone for good. */
  unplug(mac: Mac): void {
    const plugged = this.phones.get(mac)
    if (plugged === undefined) return
    this.#act(plugged, plugged.phone.powerOff())
    this.phones.delete(mac)
  }

  /** Plays for so long, or until `isDone`. */
  run(forMs: number, isDone: () => boolean = () => false): void {
    this.time.run(this.time.nowMs + forMs, isDone)
  }

  /** Plays until the phone's conversion has ended or stalled, for two hours at most. */
  runConversion(mac: Mac): Conversion | undefined {
    const ends = ['confirmed', 'stalled', 'cancelled']
    this.run(7_200_000, () => ends.includes(this.conversion(mac)?.state ?? ''))
    return this.conversion(mac)
  }

  #perform(effects: readonly ConversionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'changed') this.watch?.onConversion(effect.conversion)
      if (effect.kind === 'event') this.#recorder.onConversionEvent(effect.event, this.time.nowMs)
      if (effect.kind === 'wake') {
        this.time.at(effect.atMs, () => this.engine.onWake(this.time.nowMs))
      }
    }
  }

  #act(plugged: BenchPhone, effects: readonly PhoneEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'event':
          plugged.events.push(effect.event)
          break
        case 'wake':
          this.#wakePhone(plugged, effect.atMs)
          break
        case 'dhcp-send':
          this.time.after(LATENCY_MS, () => this.#onDhcp(effect.bytes))
          break
        case 'tftp-open': {
          const port = effect.port ?? this.#nextPort++
          const address = plugged.phone.address ?? OURS
          plugged.ports.set(effect.transferId, { port, server: effect.server, address })
          this.#byPort.set(`${address}:${port}`, { phone: plugged, transferId: effect.transferId })
          break
        }
        case 'tftp-send':
          this.#onTftp(plugged, effect)
          break
        case 'tftp-close': {
          const open = plugged.ports.get(effect.transferId)
          const key = `${open?.address}:${open?.port}`
          // A phone that counts its ports may have begun another transfer on this one since.
          if (this.#byPort.get(key)?.transferId === effect.transferId) this.#byPort.delete(key)
          plugged.ports.delete(effect.transferId)
          break
        }
        case 'configure-address':
        case 'drop-address':
          break
        case 'socket':
          this.watch?.onSocket(plugged, effect.effect)
          break
        default:
          effect satisfies never
      }
    }
  }

  #wakePhone(plugged: BenchPhone, atMs: number | null): void {
    plugged.wakeAtMs = atMs
    if (atMs === null) return
    this.time.at(atMs, () => {
      // A later request has taken its place.
      if (plugged.wakeAtMs !== atMs) return
      plugged.wakeAtMs = null
      this.#act(plugged, plugged.phone.onWake(this.time.nowMs))
    })
  }

  #onDhcp(bytes: Uint8Array): void {
    const message = decodeMessage(bytes)
    const arrival = {
      interfaceName: 'eth0',
      localAddress: OURS,
      sourceAddress: message.ciaddr,
      sourcePort: 68,
    }
    for (const effect of this.#dhcp.handle(message, arrival, this.time.nowMs)) {
      this.#onDhcpEffect(effect)
    }
  }

  #onDhcpEffect(effect: DhcpEffect): void {
    if (effect.kind === 'event') {
      this.tracking.onDhcpEvent(effect.event, this.time.nowMs)
      this.watch?.onDhcp(effect.event)
    }
    if (effect.kind !== 'send') return
    const { chaddr } = decodeMessage(effect.bytes)
    const plugged = this.phones.get(macFromBytes(chaddr.subarray(0, 6)))
    if (plugged === undefined) return
    const bytes = effect.bytes.slice()
    this.time.after(LATENCY_MS, () =>
      this.#act(plugged, plugged.phone.onDhcp(bytes, this.time.nowMs)),
    )
  }

  #onTftp(plugged: BenchPhone, effect: PhoneEffect & { readonly kind: 'tftp-send' }): void {
    const open = plugged.ports.get(effect.transferId)
    if (open === undefined || open.server !== OURS) return
    const { bytes } = effect
    const datagram = {
      bytes,
      length: bytes.length,
      client: open.address,
      clientPort: open.port,
      channel: effect.port ?? LISTENER,
    }
    this.time.after(LATENCY_MS, () => {
      const { nowMs } = this.time
      const isRequest = datagram.channel === LISTENER
      this.#onTftpEffects(
        isRequest
          ? this.#tftp.onRequest(datagram, nowMs)
          : this.#tftp.onTransferPacket(datagram, nowMs),
      )
    })
  }

  #onTftpEffects(effects: readonly TftpEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'event') {
        this.tracking.onTftpEvent(effect.event)
        this.watch?.onTftp(effect.event)
        continue
      }
      const { client, clientPort, channel } = effect
      for (const bytes of effect.kind === 'send' ? [effect.bytes.slice()] : datagramsOf(effect)) {
        this.time.after(LATENCY_MS, () => this.#toPhone(`${client}:${clientPort}`, bytes, channel))
      }
    }
    this.#armTftp()
  }

  #toPhone(port: string, bytes: Uint8Array, channel: number): void {
    const found = this.#byPort.get(port)
    if (found === undefined) return
    const { phone, transferId } = found
    this.#act(phone, phone.phone.onTftp(transferId, bytes, channel, this.time.nowMs))
  }

  #armTftp(): void {
    const { nextWakeAtMs } = this.#tftp
    if (nextWakeAtMs === undefined || this.#tftpWakeAtMs <= nextWakeAtMs) return
    this.#tftpWakeAtMs = nextWakeAtMs
    this.time.at(nextWakeAtMs, () => {
      this.#tftpWakeAtMs = Number.POSITIVE_INFINITY
      this.#onTftpEffects(this.#tftp.onWake(this.time.nowMs))
    })
  }
}

const BENCH_NETWORK = {
  subnet: '10.20.0.0/16',
  pool: ['10.20.1.0-10.20.9.255'],
  probe: false,
}

function seedOf(mac: Mac): number {
  return Number.parseInt(mac.slice(4), 16)
}

function datagramsOf(effect: TftpEffect & { readonly kind: 'send-blocks' }): Uint8Array[] {
  const { bytes, blockSize, firstBlock, count } = effect
  return Array.from({ length: count }, (_, index) => {
    const block = firstBlock + index
    const payload = bytes.subarray((block - 1) * blockSize, block * blockSize)
    const packet = new Uint8Array(4 + payload.length)
    writeDataHeader(block, packet, 0)
    packet.set(payload, 4)
    return packet
  })
}
