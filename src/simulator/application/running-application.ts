import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { Running } from '../boot-sequences/boot-step.ts'
import { readLoadName } from '../load-name.ts'
import type { PhoneModel } from '../named-load.ts'
import type { PhoneQuirks } from '../phone-quirks.ts'
import type { PhoneTiming } from '../phone-timing.ts'
import type { PseudoRandom } from '../pseudo-random.ts'
import type { LastReset } from './alarm-text.ts'
import type { ApplicationEffect, SocketNews } from './effect.ts'
import { type CallManager, SccpClient } from './sccp-client.ts'
import { SipAgent } from './sip-agent.ts'
import { sipIdentity } from './sip-identity.ts'
import { readSipSettings } from './sip-lines.ts'
import { TelnetServer } from './telnet-server.ts'
import { WebPage } from './web-page.ts'

/** A phone whose application has read its configuration. */
export type ApplicationConfig = {
  readonly mac: Mac
  readonly model: PhoneModel
  readonly running: Running
  readonly address: Ipv4
  /** Where an SCCP load without a file looks for its call manager. */
  readonly tftpServers: readonly Ipv4[]
  readonly lastReset: LastReset
  readonly quirks: Pick<
    PhoneQuirks,
    'callManager' | 'ignoresNotify' | 'rejectsTelnetPassword' | 'sipSendsFrom'
  >
  readonly timing: Pick<PhoneTiming, 'sccpConnectMs' | 'registerAgainMs'>
  readonly random: PseudoRandom
  /** The number of the first connection that it opens. */
  readonly firstConnection: number
}

/** SCCP over TCP. */
const SCCP_PORT = 2000

/** What runs when a phone runs: a user agent and a command line with SIP, a session and a web page with SCCP. */
export class RunningApplication {
  readonly #sip: { readonly agent: SipAgent; readonly telnet: TelnetServer } | null
  readonly #sccp: { readonly client: SccpClient; readonly page: WebPage } | null
  readonly #firstConnection: number

  constructor(config: ApplicationConfig) {
    const isSip = config.running.protocol === 'sip'
    this.#sip = isSip ? sipParts(config) : null
    this.#sccp = isSip ? null : sccpParts(config)
    this.#firstConnection = config.firstConnection
  }

  /** The first number that no connection of this application has. */
  get nextConnection(): number {
    return (this.#sccp?.client.lastConnection ?? this.#firstConnection - 1) + 1
  }

  get wakeAtMs(): number {
    const never = Number.POSITIVE_INFINITY
    return Math.min(this.#sip?.agent.wakeAtMs ?? never, this.#sccp?.client.wakeAtMs ?? never)
  }

  begin(nowMs: number): readonly ApplicationEffect[] {
    return [
      ...(this.#sip?.agent.begin(nowMs) ?? []),
      ...(this.#sip?.telnet.begin() ?? []),
      ...(this.#sccp?.page.begin() ?? []),
      ...(this.#sccp?.client.begin(nowMs) ?? []),
    ]
  }

  /** It stops, and says nothing about it. */
  end(): readonly ApplicationEffect[] {
    return [
      ...(this.#sip?.telnet.end() ?? []),
      ...(this.#sip?.agent.end() ?? []),
      ...(this.#sccp?.client.end() ?? []),
      ...(this.#sccp?.page.end() ?? []),
    ]
  }

  onSocket(news: SocketNews, nowMs: number): readonly ApplicationEffect[] {
    if (news.kind === 'datagram') return this.#sip?.agent.onDatagram(news, nowMs) ?? []
    if (news.connection > 0) return this.#sccp?.client.onSocket(news, nowMs) ?? []
    return [...(this.#sip?.telnet.onSocket(news) ?? []), ...(this.#sccp?.page.onSocket(news) ?? [])]
  }

  onWake(nowMs: number): readonly ApplicationEffect[] {
    return [...(this.#sip?.agent.onWake(nowMs) ?? []), ...(this.#sccp?.client.onWake(nowMs) ?? [])]
  }
}

function sipParts({ mac, model, address, running, quirks, timing, random }: ApplicationConfig) {
  const settings = readSipSettings(running.sip?.parameters ?? new Map(), model)
  const agent = new SipAgent({
    identity: sipIdentity({ mac, model, address }, running.load),
    settings,
    random,
    registerAgainMs: timing.registerAgainMs,
    ignoresNotify: quirks.ignoresNotify,
    sendsFrom: quirks.sipSendsFrom,
  })
  const rejectsPassword = quirks.rejectsTelnetPassword
  return { agent, telnet: new TelnetServer({ settings, agent, rejectsPassword }) }
}

function sccpParts(config: ApplicationConfig) {
  const { mac, model, address, running, timing, lastReset, quirks } = config
  const { load } = running
  const isUniversal = readLoadName(load)?.universal ?? true
  const named = running.callManagers ?? config.tftpServers.map(onSccpPort)
  const client = new SccpClient(
    {
      mac,
      model,
      load,
      isUniversal,
      address,
      lastReset,
      // One that is silent is as good as none.
      callManagers: quirks.callManager === 'silent' ? [] : named,
      connectMs: timing.sccpConnectMs,
      registerAgainMs: timing.registerAgainMs,
    },
    config.firstConnection,
  )
  return { client, page: new WebPage({ mac, model, load, isUniversal }) }
}

function onSccpPort(address: Ipv4): CallManager {
  return { address, port: SCCP_PORT }
}
