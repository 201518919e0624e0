import { loadInSipParameters, readSipParameters } from '../named-load.ts'
import { runningName } from '../phone-flash.ts'
import {
  ask,
  askAtOnce,
  type BootingPhone,
  type BootSequence,
  type FileReply,
  MAX_BYTES,
  show,
} from './boot-step.ts'

/** What a SIP application has read of its configuration. */
export type SipConfiguration = {
  readonly parameters: ReadonlyMap<string, string>
  /** The load in `image_version`; null for none. */
  readonly load: string | null
  /** The phone has got a file of its own. */
  readonly hasOwnFile: boolean
  /** It has, and there is a first line in it. */
  readonly provisioned: boolean
}

/**
 * Reads the default file, then the phone's own, whose parameters win (Cisco SIP administrator
 * guide, "initialization process").
 */
export function* readSipConfiguration(phone: BootingPhone): BootSequence<SipConfiguration> {
  const reply = yield* ask(phone, 'SIPDefault.cnf', limitOf(phone))
  if (reply.kind === 'failed' && reply.reason === 'too-long') {
    yield* show('W210 TFTP Error : buffer full')
  }
  return yield* readOwnFile(phone, parametersIn(reply))
}

/** Reads the phone's own file on top of what the default file said. */
export function* readOwnFile(
  phone: BootingPhone,
  general: ReadonlyMap<string, string>,
): BootSequence<SipConfiguration> {
  const prefix = general.get('tftp_cfg_dir') ?? phone.quirks.configPrefix
  const own = yield* ask(phone, `${prefix}SIP${phone.mac}.cnf`)
  const parameters = new Map([...general, ...parametersIn(own)])
  const line = parameters.get('line1_name') ?? ''
  const hasOwnFile = own.kind === 'file'
  const provisioned = hasOwnFile && line !== '' && line !== 'UNPROVISIONED'
  return { parameters, load: loadInSipParameters(parameters), hasOwnFile, provisioned }
}

/** Asks for ring list and dial plan, both at the same time, and shows where lines are missing. */
export function* finishSip(phone: BootingPhone, sip: SipConfiguration): BootSequence<void> {
  yield* askAtOnce(
    phone,
    ['RINGLIST.DAT', `${dialPlanOf(sip)}.xml`].map((name) => ({
      name,
      maxBytes: MAX_BYTES.configuration,
    })),
  )
  if (!sip.provisioned) yield* show('Phone Unprovisioned')
}

/** The end of the boot of a phone that has read this configuration. */
export function runningSip(load: string, sip: SipConfiguration, failedLoad: string | null) {
  const { provisioned, parameters } = sip
  const sync = parameters.get('sync') ?? DEFAULT_SYNC
  const known = { sync, dialPlan: dialPlanOf(sip), parameters }
  return {
    kind: 'running',
    load,
    protocol: 'sip',
    provisioned,
    failedLoad,
    sip: known,
    callManagers: null,
  } as const
}

/** Of a phone whose configuration names no other. */
const DEFAULT_SYNC = '1'

function dialPlanOf({ parameters }: SipConfiguration): string {
  return parameters.get('dial_template') || 'dialplan'
}

function parametersIn(reply: FileReply): ReadonlyMap<string, string> {
  return reply.kind === 'file' ? readSipParameters(reply.bytes) : new Map()
}

/** W210 is a fault of the 2.x releases alone (Cisco document 5455). */
function limitOf({ flash, quirks }: BootingPhone): number {
  const limit =
    runningName(flash)?.major === 2 ? quirks.sipDefaultLimitBytes : MAX_BYTES.configuration
  return Math.min(limit, MAX_BYTES.configuration)
}
