import { randomUUID } from 'node:crypto'
import { fetchPhonePage } from '../../src/adapters/tcp/phone-page-client.ts'
import { OptionsClient } from '../../src/adapters/udp/options-client.ts'
import { UNNAMED } from '../../src/clients/asked.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { ClientDirectory } from '../../src/services/clients/client-lookup.ts'
import { DeadlineTimer } from '../../src/services/deadline-timer.ts'
import type { ServedNetwork } from '../../src/services/served-network.ts'
import {
  type PhoneQuestionParts,
  PhoneQuestions,
} from '../../src/services/survey/phone-questions.ts'
import type { SurveyEvent } from '../../src/services/survey/survey-events.ts'
import type { KnownAt } from '../../src/services/survey/survey-row.ts'
import type { SurveyPlace } from '../../src/services/survey/survey-run.ts'
import { SurveyService } from '../../src/services/survey/survey-service.ts'
import type { Tracking } from '../../src/services/tracking/tracking.ts'
import type { CallControl } from '../call-control/call-control.ts'
import type { ApplicationState } from './application-state.ts'

/** What surveys need. */
export type SurveyWiring = {
  readonly state: ApplicationState
  readonly lookup: Pick<ClientDirectory, 'identify' | 'networkAt'>
  readonly tracking: Pick<Tracking, 'onSeen'>
  /** Whether a phone is being sent a file, or may still write one. */
  readonly isBusy: (mac: Mac) => boolean
  /** As they are in force. */
  readonly networks: () => readonly ServedNetwork[]
  /** How a phone is asked for its page, and by OPTIONS. */
  readonly ask: AskingPhones
  readonly onFault: (fault: unknown) => void
}

/** How phones are asked. */
export type AskingPhones = Pick<PhoneQuestionParts, 'page' | 'options'>

/** The port of the web server of these phones. */
const HTTP_PORT = 80

/** Asks phones over TCP and UDP. `callControl` is null where we have no SIP socket. */
export function askOverSockets({
  networks,
  callControl,
}: Pick<SurveyWiring, 'networks'> & {
  readonly callControl: Pick<CallControl, 'sipSocket'> | null
}): AskingPhones {
  const networkNamed = (name: string) => networks().find((one) => one.name === name)
  const options = new OptionsClient((local) => callControl?.sipSocket(local) ?? null)
  return {
    page: async ({ address, network }, path) => {
      const localAddress = networkNamed(network)?.address ?? null
      const answer = await fetchPhonePage({ address, port: HTTP_PORT, path, localAddress })
      return answer.kind === 'status' ? { kind: 'status' } : answer
    },
    options: async ({ address: client, network }) => {
      const at = networkNamed(network)
      if (at === undefined) return null
      const place = { client, local: at.address, interfaceName: at.interface ?? null }
      return (await options.ask(place))?.cisco ?? null
    },
  }
}

/**
 * Joins the survey engine with what is known. A conversion asks the page of its phone
 * where the network has call control; elsewhere only a survey asks.
 */
export function composeSurveys(wiring: SurveyWiring): SurveyService {
  const { state, lookup, networks, tracking, onFault } = wiring
  const { leaseTable, engine, inventory, recorder, nowMs, startTimer } = state
  const tell = (event: SurveyEvent, atMs: number) => recorder.onSurveyEvent(event, atMs)
  const isEnrolled = (mac: Mac) => inventory.phone(mac) !== undefined
  const identify = (address: Ipv4, atMs: number) => lookup.identify(address, UNNAMED, atMs)
  const questions = new PhoneQuestions({
    ...wiring.ask,
    identify,
    isEnrolled,
    onAnswer: (mac, found) => tracking.onSeen(mac, found),
    tell,
    nowMs,
  })
  const knownAt = (address: Ipv4): KnownAt => {
    const atMs = nowMs()
    const identity = identify(address, atMs)
    const isKnown = identity.kind === 'phone' || identity.kind === 'device'
    return {
      lease: leaseTable.clientAt(address, atMs) ?? null,
      there: isKnown ? identity.mac : null,
      isEnrolled,
      seen: (mac) => engine.seen(mac),
      model: (mac) => inventory.phone(mac)?.model ?? null,
    }
  }
  const service = new SurveyService({
    networks: () => networks().map(surveyNetworkOf),
    leased: () => leasedAddresses(state),
    knownAt,
    isBusy: (address) => {
      const mac = leaseTable.clientAt(address, nowMs())?.mac
      return mac != null && wiring.isBusy(mac)
    },
    questions,
    timer: (onRing) => new DeadlineTimer({ nowMs, startTimer }, onRing),
    newId: randomUUID,
    tell,
    onFault,
    nowMs,
  })
  state.conversions.pageWanted.subscribe((mac) => {
    const place = placeOf(mac, state, networks())
    if (place !== null) void service.askPage(place).catch(onFault)
  })
  return service
}

function surveyNetworkOf({ name, subnet, address, peers, router = [] }: ServedNetwork) {
  return { name, subnet, taken: [address, ...peers, ...router] }
}

/** In ascending order of address. */
function leasedAddresses({ leaseTable, nowMs }: ApplicationState) {
  const atMs = nowMs()
  return [...leaseTable.bindings()]
    .filter(({ state, expiresAtMs }) => state === 'bound' && expiresAtMs > atMs)
    .map(({ address, scope: network }) => ({ address, network }))
    .sort((a, b) => a.address - b.address)
}

/** Where a phone is, by its lease; null where it has none, or on a network without call control. */
function placeOf(
  mac: Mac,
  { leaseTable, nowMs }: ApplicationState,
  networks: readonly ServedNetwork[],
): SurveyPlace | null {
  for (const { name, callControl } of networks) {
    const lease = callControl ? leaseTable.leaseOf(name, mac, nowMs()) : undefined
    if (lease !== undefined) return { address: lease.address, network: name, mayAsk: true }
  }
  return null
}
