import type { RestartTarget } from '../../call-control/restart/method.ts'
import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { FileAnswer } from '../../files/file-answer.ts'
import type { CachedFile } from '../../files/file-cache.ts'
import type { Mac } from '../../net/mac.ts'
import type { RestartService } from './restart-service.ts'

/** What a phone knows from its SIP files, as far as a restart needs it. */
export type ServedSettings = {
  /** The name of its first line; null where it has none. */
  readonly line: string | null
  readonly telnet: RestartTarget['telnet']
}

type SipFiles = { readonly general: CachedFile | null; readonly own: CachedFile | null }

/** Password of a phone whose files name none (Cisco's sample SIPDefault.cnf). */
const DEFAULT_PASSWORD = 'cisco'

/**
 * Remembers the SIP files that each enrolled phone was served last. What an operator has edited since
 * is not yet known to the phone: a telnet session needs the password that it has, not the one to come.
 *
 * Nothing of it is stored: after a restart of the appliance the files as they would be served now stand
 * in, until the phone reads them again.
 */
export class ServedFiles {
  readonly #files = new Map<Mac, SipFiles>()
  readonly #currentFile: (mac: Mac, name: string) => CachedFile | undefined

  /** @param currentFile - A file as the phone would get it now. */
  constructor(currentFile: (mac: Mac, name: string) => CachedFile | undefined) {
    this.#currentFile = currentFile
  }

  /** A phone was answered with a file. */
  onServed(mac: Mac, name: string, file: CachedFile): void {
    const before = this.#files.get(mac) ?? { general: null, own: null }
    if (name === GENERAL) this.#files.set(mac, { ...before, general: file })
    else if (name === ownName(mac)) this.#files.set(mac, { ...before, own: file })
  }

  settingsOf(mac: Mac): ServedSettings {
    const served = this.#files.get(mac)
    const fileOf = (kept: CachedFile | null | undefined, name: string) =>
      textOf(kept ?? this.#currentFile(mac, name))
    const parameters = new Map([
      ...parametersIn(fileOf(served?.general, GENERAL)),
      ...parametersIn(fileOf(served?.own, ownName(mac))),
    ])
    const level = Number(parameters.get('telnet_level') ?? '0')
    const password = parameters.get('phone_password') || DEFAULT_PASSWORD
    return {
      line: lineIn(parameters),
      telnet: level === 1 || level === 2 ? { level, password } : null,
    }
  }

  forget(mac: Mac): void {
    this.#files.delete(mac)
  }
}

/** What learns from the answers that phones get. */
export type AnswerWatchers = {
  readonly served: Pick<ServedFiles, 'onServed'>
  readonly engine: Pick<ConversionEngine, 'boot'>
  readonly restarts: Pick<RestartService, 'onSighting'>
}

/**
 * The same answers: what an enrolled phone is served is remembered, and its first request of a start
 * is seen as a restart.
 */
export function watchAnswers(
  files: FileAnswer,
  { served, engine, restarts }: AnswerWatchers,
): FileAnswer {
  return {
    answer(request) {
      const answer = files.answer(request)
      if (answer.kind === 'silence' || answer.mac === null) return answer
      const { mac } = answer
      if (answer.kind === 'file') served.onServed(mac, answer.name, answer.file)
      // Its first request, or the first one after a pause: `syncinfo.xml` does not begin any.
      const isFirst = engine.boot(mac)?.startedAtMs === request.atMs
      if (isFirst) restarts.onSighting(mac, { kind: 'file-requests' }, request.atMs)
      return answer
    },
    ownerAt: (client, atMs) => files.ownerAt(client, atMs),
  }
}

const GENERAL = 'SIPDefault.cnf'

function ownName(mac: Mac): string {
  return `SIP${mac}.cnf`
}

/** Files of the cache lie on shared memory, which no decoder takes. */
function textOf(file: CachedFile | undefined): string {
  return file === undefined ? '' : Buffer.from(file.bytes).toString('latin1')
}

/** Our own files: one `name: "value"` a line. */
function parametersIn(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/^([A-Za-z0-9_]+): "?([^"\n]*)"?$/gm)].map(
    ([, name = '', value = '']) => [name, value],
  )
}

function lineIn(parameters: ReadonlyMap<string, string>): string | null {
  for (let number = 1; number <= 6; number++) {
    const name = parameters.get(`line${number}_name`) ?? ''
    if (name !== '') return name
  }
  return null
}
