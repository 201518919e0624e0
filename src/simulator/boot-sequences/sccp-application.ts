import { readLoadInformation } from '../named-load.ts'
import {
  ask,
  type BootEnd,
  type BootingPhone,
  type BootSequence,
  type FileReply,
  show,
} from './boot-step.ts'

/** What a phone fetches from the folder of its language. */
const LOCALE_FILES = [
  '7960-font.xml',
  '7960-dictionary.xml',
  '7960-kate.xml',
  'SCCP-dictionary.xml',
]

/** The tones of its country. */
const TONES_FILE = '7960-tones.xml'

/**
 * SCCP 6.0 and later, started by the universal loader: its own file or the default one, the files of
 * its language and country, then the ring lists. The order is that of the loader; no capture of it is published.
 */
export function* bootSccpApplication(
  phone: BootingPhone,
  load: string,
  failedLoad: string | null,
): BootSequence<BootEnd> {
  let reply = yield* ask(phone, `SEP${phone.mac}.cnf.xml`)
  if (reply.kind !== 'file') reply = yield* ask(phone, phone.knobs.xmlDefaultName)
  if (reply.kind !== 'file') yield* show('Defaulting CM to TFTP Server')
  for (const name of localeFiles(phone, reply)) yield* ask(phone, name)
  yield* ask(phone, 'RINGLIST.XML')
  yield* ask(phone, 'DISTINCTIVERINGLIST.XML')
  return { kind: 'running', load, protocol: 'sccp', provisioned: true, failedLoad, sip: null }
}

function localeFiles(phone: BootingPhone, reply: FileReply): readonly string[] {
  if (reply.kind !== 'file') return []
  const found = readLoadInformation(reply.bytes, phone.model)
  if (found.kind !== 'read') return []
  const { userLocale, networkLocale } = found
  return [
    ...(userLocale === null ? [] : LOCALE_FILES.map((name) => `${userLocale}/${name}`)),
    ...(networkLocale === null ? [] : [`${networkLocale}/${TONES_FILE}`]),
  ]
}
