import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import { lastResetOf } from './application/alarm-text.ts'
import type { ApplicationEffect, SocketNews } from './application/effect.ts'
import { RunningApplication } from './application/running-application.ts'
import { type BootEffect, BootRun, type Patience } from './boot-run.ts'
import type {
  BootEnd,
  BootingPhone,
  BootSequence,
  PhoneSoftware,
  Running,
} from './boot-sequences/boot-step.ts'
import { checkSync, type RunningSip } from './boot-sequences/check-sync.ts'
import { DhcpClient, type DhcpClientEffect } from './dhcp-client.ts'
import type { PhoneEffect } from './effect.ts'
import type { BootCause, PhoneNews } from './events.ts'
import type { PhoneModel } from './named-load.ts'
import { bootSequence, sequenceAfterReset } from './phone-boot.ts'
import type { PhoneEngine } from './phone-engine.ts'
import { flashAfterFactoryReset, type PhoneFlash, runsSip } from './phone-flash.ts'
import { dhcpIdentity } from './phone-identity.ts'
import type { PhoneLease } from './phone-lease.ts'
import {
  DEFAULT_BEHAVIOUR,
  type PhoneBehaviour,
  type PhoneQuirks,
  quirksOf,
} from './phone-quirks.ts'
import { ATTEMPTS, type PhoneTiming, PORTS_PER_FILE, quickened, timingOf } from './phone-timing.ts'
import { PortCounter } from './port-counter.ts'
import { PseudoRandom } from './pseudo-random.ts'

/** A phone as it comes out of its box. What is left out is as on a common phone. */
export type SimulatedPhoneConfig = {
  readonly mac: Mac
  readonly model: PhoneModel
  readonly flash: PhoneFlash
  /** The set of quirks and times that `quirks` and `timing` change; {@link DEFAULT_BEHAVIOUR} if left out. */
  readonly behaviour?: PhoneBehaviour
  readonly quirks?: Partial<PhoneQuirks>
  readonly timing?: Partial<PhoneTiming>
  /** How many times as quick as a real phone; 1 if left out. */
  readonly speed?: number
}

/** A DATA packet with 512 bytes of a file (RFC 1350 section 5). */
const FULL_BLOCK_BYTES = 516

/** What a phone is at. */
export type PhoneState = 'off' | 'starting' | 'addressing' | 'booting' | 'running' | 'stopped'

/**
 * A Cisco 7940 or 7960 without sockets: DHCP client, TFTP client, flash, and what it does when.
 *
 * It owns no socket, timer or clock: each method takes the time in milliseconds and returns what the
 * caller must do, so a whole conversion runs in a test without waiting.
 */
export class SimulatedPhone implements PhoneEngine {
  readonly mac: Mac
  readonly #model: PhoneModel
  readonly #quirks: PhoneQuirks
  readonly #timing: PhoneTiming
  readonly #random: PseudoRandom
  #flash: PhoneFlash
  #state: PhoneState = 'off'
  #startAtMs = Number.POSITIVE_INFINITY
  #dhcp: DhcpClient | null = null
  #lease: PhoneLease | null = null
  /** Kept in flash over reboots, as the phone asks for it again; a new loader forgets it. */
  #knownAddress: Ipv4 | null = null
  #run: BootRun | null = null
  #nextTransferId = 1
  readonly #ports: PortCounter
  /** The boot goes on when DHCP has answered. */
  #awaitsAddress = false
  #wantedLoad: string | null = null
  #failedLoad: string | null = null
  #isFactoryNew = false
  /** How its boot into SIP ended, while that runs; null otherwise. */
  #runningSip: RunningSip | null = null
  /** What runs beside the boot, and after it; null where nothing does. */
  #application: RunningApplication | null = null
  #configured: Running | null = null
  #nextConnection = 1
  /** Of registrations alone, so that what is left to chance in a boot stays as it was. */
  readonly #numbers: PseudoRandom
  /** Why it started last. */
  #cause: BootCause = 'power'
  /** It starts again whenever it has registered. */
  #isLooping = false
  #declinesLeft: number
  #movesLeft: number
  #requestsLeft: number
  #effects: PhoneEffect[] = []
  #wakeAtMs: number | null = null

  /** @param seed - Of what is left to chance: losses, and pauses between a least and a most. */
  constructor(config: SimulatedPhoneConfig, seed: number) {
    this.mac = config.mac
    this.#model = config.model
    this.#flash = config.flash
    const behaviour = config.behaviour ?? DEFAULT_BEHAVIOUR
    this.#quirks = { ...quirksOf(behaviour), ...config.quirks }
    this.#timing = quickened({ ...timingOf(behaviour), ...config.timing }, config.speed ?? 1)
    this.#random = new PseudoRandom(seed)
    this.#ports = new PortCounter(new PseudoRandom(seed))
    this.#numbers = new PseudoRandom(seed)
    this.#declinesLeft = this.#quirks.declines
    this.#movesLeft = this.#quirks.movesToVoiceVlan ? 1 : 0
    this.#requestsLeft = this.#quirks.silentAfterRequests
  }

  get state(): PhoneState {
    return this.#state
  }

  get flash(): PhoneFlash {
    return this.#flash
  }

  /** The address that the phone uses now; null for none. */
  get address(): Ipv4 | null {
    return this.#lease?.address ?? null
  }

  /** A wall adapter feeds it, whatever its switch does. */
  get hasOwnPower(): boolean {
    return this.#quirks.hasOwnPower
  }

  /** Puts power on the phone, or takes it away for a moment. */
  powerOn(nowMs: number): PhoneEffect[] {
    this.#isLooping = false
    this.#requestsLeft = this.#quirks.silentAfterRequests
    this.#start('power', nowMs)
    return this.#takeEffects()
  }

  /** The soft reset: `*`, `6` and Settings at once. */
  reset(nowMs: number): PhoneEffect[] {
    if (this.#state === 'off') return []
    this.#start('reset', nowMs)
    return this.#takeEffects()
  }

  /** The reset to factory settings: power with `#` held down, then `123456789*0#`. */
  factoryReset(nowMs: number): PhoneEffect[] {
    this.#requestsLeft = this.#quirks.silentAfterRequests
    this.#flash = flashAfterFactoryReset(this.#flash)
    this.#knownAddress = null
    this.#wantedLoad = null
    this.#failedLoad = null
    this.#isFactoryNew = true
    this.#start('factory-reset', nowMs)
    this.#report({ event: 'phone.settings.wiped' }, nowMs)
    return this.#takeEffects()
  }

  /** As if NOTIFY with `check-sync` had come. */
  checkSync(nowMs: number): PhoneEffect[] {
    if (this.#state === 'off') return []
    this.#checkSync(nowMs)
    return this.#takeEffects()
  }

  #checkSync(nowMs: number): void {
    const [lease, running] = [this.#lease, this.#runningSip]
    if (this.#state !== 'running' || lease === null || running === null) {
      this.#report({ event: 'phone.sync.ignored' }, nowMs)
      return
    }
    this.#abandonBoot()
    this.#report({ event: 'phone.sync.asked' }, nowMs)
    const servers = this.#serversOf(lease)
    this.#play(checkSync(this.#bootingPhone(servers), running), servers, nowMs)
  }

  /** Takes the power away for good. */
  powerOff(): PhoneEffect[] {
    this.#abandonBoot()
    this.#dropAddress()
    this.#endApplication()
    this.#dhcp = null
    this.#state = 'off'
    this.#startAtMs = Number.POSITIVE_INFINITY
    return this.#takeEffects()
  }

  /** Takes the UDP payload of a datagram from a DHCP server. */
  onDhcp(bytes: Uint8Array, nowMs: number): PhoneEffect[] {
    if (this.#dhcp === null || this.#isLost()) return []
    this.#applyDhcp(this.#dhcp.onDatagram(bytes, nowMs), nowMs)
    return this.#takeEffects()
  }

  /** Takes the UDP payload of a datagram that came from the server to the socket of a transfer. */
  onTftp(transferId: number, bytes: Uint8Array, fromPort: number, nowMs: number): PhoneEffect[] {
    if (this.#run === null || this.#isLost() || this.#isLostBlock(bytes)) return []
    this.#applyBoot(this.#run.onDatagram(transferId, bytes, fromPort, nowMs), nowMs)
    return this.#takeEffects()
  }

  /** Takes what the sockets of its application tell. */
  onSocket(news: SocketNews, nowMs: number): PhoneEffect[] {
    if (this.#application === null || (news.kind === 'datagram' && this.#isLost())) return []
    this.#applyApplication(this.#application.onSocket(news, nowMs), nowMs)
    return this.#takeEffects()
  }

  onWake(nowMs: number): PhoneEffect[] {
    if (nowMs >= this.#startAtMs) this.#startNow(nowMs)
    if (this.#application !== null) {
      this.#applyApplication(this.#application.onWake(nowMs), nowMs)
    }
    if (this.#dhcp !== null) this.#applyDhcp(this.#dhcp.onWake(nowMs), nowMs)
    if (this.#run !== null) this.#applyBoot(this.#run.onWake(nowMs), nowMs)
    // Whatever else is due is due again, so that a caller whose clock ran ahead loses nothing.
    this.#wakeAtMs = null
    return this.#takeEffects()
  }

  #start(cause: BootCause, nowMs: number, afterMs = this.#timing.powerUpMs): void {
    this.#abandonBoot()
    // Without power nothing closes a connection: the address goes first.
    if (cause === 'power') this.#dropAddress()
    this.#endApplication()
    // Restart of a call manager leaves DHCP out.
    if (cause !== 'call-manager-restart') this.#forgetAddress()
    this.#cause = cause
    this.#runningSip = null
    this.#state = 'starting'
    this.#startAtMs = nowMs + afterMs
    this.#reportStart(cause, nowMs)
  }

  #forgetAddress(): void {
    this.#dropAddress()
    this.#dhcp = null
  }

  #startNow(nowMs: number): void {
    const lease = this.#lease
    if (lease === null) {
      this.#seekAddress(nowMs)
      return
    }
    this.#startAtMs = Number.POSITIVE_INFINITY
    this.#bootAt(lease, nowMs)
  }

  /** What a device on the network has told the phone to do. */
  #onOrder(cause: BootCause, nowMs: number): void {
    const { afterReset } = this.#quirks
    if (afterReset === 'stays-dark') {
      this.#goDark(nowMs)
      return
    }
    this.#isLooping = afterReset === 'loops'
    const isReset = cause === 'call-manager-reset' || cause === 'call-manager-restart'
    this.#start(cause, nowMs, isReset ? this.#timing.sccpResetMs : this.#restartMs)
  }

  /** It never comes back; power alone brings it round. */
  #goDark(nowMs: number): void {
    this.#abandonBoot()
    this.#endApplication()
    this.#forgetAddress()
    this.#state = 'stopped'
    this.#report({ event: 'phone.stopped', screen: '' }, nowMs)
  }

  #reportStart(cause: BootCause, nowMs: number): void {
    const { generation, load, loader } = this.#flash
    this.#report({ event: 'phone.boot.started', cause, generation, load, loader }, nowMs)
  }

  #seekAddress(nowMs: number): void {
    this.#startAtMs = Number.POSITIVE_INFINITY
    this.#state = 'addressing'
    this.#askDhcp(nowMs)
  }

  #askDhcp(nowMs: number): void {
    const { tftpServerFrom } = this.#quirks
    const declines = this.#declinesLeft
    this.#declinesLeft = 0
    const identity = dhcpIdentity(this.mac, this.#model, this.#flash, this.#quirks)
    const dhcpBehaviour = { retryMs: this.#timing.dhcpRetryMs, declines, tftpServerFrom }
    this.#dhcp = new DhcpClient(identity, dhcpBehaviour)
    this.#applyDhcp(this.#dhcp.begin(this.#knownAddress, nowMs), nowMs)
  }

  #applyDhcp(effects: readonly DhcpClientEffect[], nowMs: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#transmit({ kind: 'dhcp-send', bytes: effect.bytes, to: effect.to })
          break
        case 'bound':
          this.#onLease(effect.lease, nowMs)
          break
        case 'extended':
          this.#lease = effect.lease
          break
        case 'refused':
          this.#knownAddress = null
          this.#report({ event: 'phone.address.refused' }, nowMs)
          break
        case 'lost':
          this.#abandonBoot()
          this.#endApplication()
          this.#dropAddress()
          this.#cause = 'address-lost'
          this.#state = 'addressing'
          this.#reportStart('address-lost', nowMs)
          break
        default:
          effect satisfies never
      }
    }
  }

  #onLease(lease: PhoneLease, nowMs: number): void {
    if (this.#awaitsAddress) this.#goOn(lease, nowMs)
    else if (this.#movesLeft > 0) this.#moveToVoiceVlan(lease, nowMs)
    else this.#boot(lease, nowMs)
  }

  /** DHCP was asked in the middle of a boot. */
  #goOn(lease: PhoneLease, nowMs: number): void {
    this.#awaitsAddress = false
    if (this.#lease?.address === lease.address) {
      this.#lease = lease
    } else {
      this.#endApplication()
      this.#dropAddress()
      this.#takeAddress(lease)
    }
    const servers = this.#serversOf(lease)
    this.#report(
      { event: 'phone.address.taken', address: lease.address, tftpServers: servers },
      nowMs,
    )
    if (this.#run !== null) this.#applyBoot(this.#run.onAddress(servers, nowMs), nowMs)
  }

  /** The address of the first VLAN is given back before anything is asked for. */
  #moveToVoiceVlan(lease: PhoneLease, nowMs: number): void {
    this.#movesLeft--
    this.#takeAddress(lease)
    this.#applyDhcp(this.#dhcp?.release(nowMs) ?? [], nowMs)
    this.#dropAddress()
    this.#knownAddress = null
  }

  #takeAddress(lease: PhoneLease): void {
    const { address, mask, router } = lease
    this.#lease = lease
    this.#knownAddress = address
    this.#effects.push({ kind: 'configure-address', address, mask, router })
  }

  #boot(lease: PhoneLease, nowMs: number): void {
    const { address } = lease
    const servers = this.#serversOf(lease)
    this.#takeAddress(lease)
    this.#report({ event: 'phone.address.taken', address, tftpServers: servers }, nowMs)
    this.#bootAt(lease, nowMs)
  }

  #bootAt(lease: PhoneLease, nowMs: number): void {
    const servers = this.#serversOf(lease)
    const isReset = this.#cause === 'call-manager-reset' || this.#cause === 'call-manager-restart'
    const sequence = isReset ? sequenceAfterReset : bootSequence
    this.#state = 'booting'
    if (servers.length === 0 && lease.unusableName !== null && runsSip(this.#flash)) {
      this.#report({ event: 'phone.screen', text: screenFor(lease.unusableName) }, nowMs)
    }
    this.#play(sequence(this.#bootingPhone(servers)), servers, nowMs)
  }

  #serversOf({ tftpServers }: PhoneLease): readonly Ipv4[] {
    const { alternateTftp } = this.#flash.manual
    return alternateTftp === null ? tftpServers : [alternateTftp]
  }

  #bootingPhone(servers: readonly Ipv4[]): BootingPhone {
    return {
      mac: this.mac,
      model: this.#model,
      flash: this.#flash,
      quirks: this.#quirks,
      timing: this.#timing,
      random: this.#random,
      hasTftpServer: servers.length > 0,
      isFactoryNew: this.#isFactoryNew,
      wantedLoad: this.#wantedLoad,
      failedLoad: this.#failedLoad,
    }
  }

  #play(sequence: BootSequence, servers: readonly Ipv4[], nowMs: number): void {
    const { waitsWhenBusy, sourcePort, countsPorts } = this.#quirks
    this.#run = new BootRun(sequence, {
      servers,
      patience: (software) => this.#patience(software),
      waitsWhenBusy,
      blockMs: this.#timing.blockMs,
      sourcePort,
      ports: countsPorts ? this.#ports : null,
      firstTransferId: this.#nextTransferId,
    })
    this.#applyBoot(this.#run.begin(nowMs), nowMs)
  }

  #patience(software: PhoneSoftware): Patience {
    const { tftpRetryMs, loaderRetryMs, sccpRetryMs } = this.#timing
    if (software === 'whole' || this.#quirks.retransmits === 'four-times') {
      return { retriesMs: new Array<number>(ATTEMPTS.packet).fill(tftpRetryMs), ports: 1 }
    }
    const retriesMs = software === 'sccp' ? sccpRetryMs : loaderRetryMs
    return { retriesMs, ports: PORTS_PER_FILE }
  }

  #applyBoot(effects: readonly BootEffect[], nowMs: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'report':
          if (effect.news.event === 'phone.file.asked') this.#requestsLeft--
          this.#report(effect.news, nowMs)
          break
        case 'write':
          this.#write(effect.flash, nowMs)
          break
        case 'run':
          this.#runLoad(effect.end, nowMs)
          break
        case 'seek-address':
          this.#awaitsAddress = true
          this.#askDhcp(nowMs)
          break
        case 'end':
          this.#endBoot(effect.end, nowMs)
          break
        case 'tftp-send':
          this.#transmit(effect)
          break
        case 'tftp-open':
        case 'tftp-close':
          this.#effects.push(effect)
          break
        default:
          effect satisfies never
      }
    }
  }

  #write(flash: PhoneFlash, nowMs: number): void {
    const isNewLoader = flash.loader !== this.#flash.loader && flash.loader !== null
    this.#flash = flash
    if (!isNewLoader) return
    this.#knownAddress = null
    this.#report({ event: 'phone.settings.wiped' }, nowMs)
  }

  #endBoot(end: BootEnd, nowMs: number): void {
    switch (end.kind) {
      case 'running':
        this.#runLoad(end, nowMs)
        break
      case 'stopped':
        this.#endApplication()
        this.#state = 'stopped'
        this.#report({ event: 'phone.screen', text: end.screen }, nowMs)
        this.#report({ event: 'phone.stopped', screen: end.screen }, nowMs)
        break
      case 'restart':
        this.#wantedLoad = end.wantedLoad
        if (end.cause === 'check-sync') {
          this.#onOrder(end.cause, nowMs)
          break
        }
        this.#start(end.cause, nowMs, end.afterMs ?? this.#restartMs)
        break
      default:
        end satisfies never
    }
  }

  #runLoad(end: Running, nowMs: number): void {
    const { load, protocol, provisioned } = end
    this.#state = 'running'
    this.#wantedLoad = null
    this.#failedLoad = end.failedLoad
    this.#isFactoryNew = false
    this.#runningSip = end.sip === null ? null : { ...end, sip: end.sip }
    this.#report({ event: 'phone.running', load, protocol, provisioned }, nowMs)
    if (this.#quirks.callControl && !this.#isConfiguredAs(end)) this.#beginApplication(end, nowMs)
  }

  /** NOTIFY that changes nothing leaves the application as it is. */
  #isConfiguredAs({ sip }: Running): boolean {
    return sip !== null && this.#configured?.sip?.parameters === sip.parameters
  }

  #beginApplication(running: Running, nowMs: number): void {
    this.#endApplication()
    const lease = this.#lease
    if (lease === null) return
    this.#configured = running
    this.#application = new RunningApplication({
      mac: this.mac,
      model: this.#model,
      running,
      address: lease.address,
      tftpServers: this.#serversOf(lease),
      lastReset: lastResetOf(this.#cause),
      quirks: this.#quirks,
      timing: this.#timing,
      random: this.#numbers,
      firstConnection: this.#nextConnection,
    })
    this.#applyApplication(this.#application.begin(nowMs), nowMs)
  }

  #endApplication(): void {
    const application = this.#application
    if (application === null) return
    this.#application = null
    this.#configured = null
    for (const effect of application.end()) if (effect.kind === 'socket') this.#effects.push(effect)
    this.#nextConnection = application.nextConnection
  }

  #applyApplication(effects: readonly ApplicationEffect[], nowMs: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'socket':
          if (effect.effect.kind !== 'sip-send' || !this.#isLost()) this.#effects.push(effect)
          break
        case 'report':
          this.#onApplicationNews(effect.news, nowMs)
          break
        case 'check-sync':
          this.#checkSync(nowMs)
          break
        case 'reset':
          this.#onReset(effect.cause, nowMs)
          break
        default:
          effect satisfies never
      }
    }
  }

  #onApplicationNews(news: PhoneNews, nowMs: number): void {
    this.#report(news, nowMs)
    if (news.event === 'phone.registered' && this.#isLooping) {
      this.#start('reset-loop', nowMs, this.#restartMs)
    }
  }

  #onReset(cause: BootCause, nowMs: number): void {
    if (cause === 'bad-message') this.#start(cause, nowMs, this.#restartMs)
    else this.#onOrder(cause, nowMs)
  }

  /** A start by software; of phones from before the universal loader no trace shows how long one takes. */
  get #restartMs(): number {
    return this.#flash.generation === 'ual' ? this.#timing.restartMs : this.#timing.powerUpMs
  }

  #abandonBoot(): void {
    this.#awaitsAddress = false
    if (this.#run === null) return
    for (const effect of this.#run.abandon()) {
      if (effect.kind === 'tftp-close') this.#effects.push(effect)
    }
    this.#nextTransferId = this.#run.nextTransferId
    this.#run = null
  }

  #dropAddress(): void {
    if (this.#lease === null) return
    this.#effects.push({ kind: 'drop-address', address: this.#lease.address })
    this.#lease = null
  }

  #transmit(effect: PhoneEffect & { kind: 'dhcp-send' | 'tftp-send' }): void {
    if (!this.#isLost()) this.#effects.push(effect)
  }

  /** Whether a datagram gets lost, by chance or because the phone has fallen silent. */
  #isLost(): boolean {
    return this.#isSilent() || this.#random.happens(this.#quirks.lossRate)
  }

  /** Small answers arrive where full blocks do not: a fault of the way, not of the server. */
  #isLostBlock(bytes: Uint8Array): boolean {
    const { fullBlockLossRate } = this.#quirks
    return bytes.length === FULL_BLOCK_BYTES && this.#random.happens(fullBlockLossRate)
  }

  #isSilent(): boolean {
    return this.#requestsLeft < 0
  }

  #report(news: PhoneNews, atMs: number): void {
    if (this.#isSilent()) return
    this.#effects.push({ kind: 'event', event: { ...news, mac: this.mac, atMs } })
  }

  #takeEffects(): PhoneEffect[] {
    const earliest = Math.min(
      this.#startAtMs,
      this.#dhcp?.wakeAtMs ?? Number.POSITIVE_INFINITY,
      this.#run?.wakeAtMs ?? Number.POSITIVE_INFINITY,
      this.#application?.wakeAtMs ?? Number.POSITIVE_INFINITY,
    )
    const atMs = Number.isFinite(earliest) && !this.#isSilent() ? earliest : null
    if (atMs !== this.#wakeAtMs) this.#effects.push({ kind: 'wake', atMs })
    this.#wakeAtMs = atMs
    const effects = this.#effects
    this.#effects = []
    return effects
  }
}

/** What a SIP load says of an option 66 that leads nowhere; a name wants DNS, which is not here. */
function screenFor(name: string): string {
  return /^[\d.]+$/.test(name) ? 'W365 Invalid TFTP IP Address 66' : `W261 ${name} does not resolve`
}
