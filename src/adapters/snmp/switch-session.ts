import { lookup } from 'node:dns/promises'
import type { Session, Varbind } from 'net-snmp'
import { readSecret } from '../disk/read-secret.ts'
import { GuardedSocket } from './guarded-socket.ts'
import { type SnmpAccess, secretsOf } from './snmp-access.ts'

/** A switch as the configuration has it. */
export type Switch = {
  readonly name: string
  /** IPv4 address or host name. */
  readonly host: string
  readonly snmp: SnmpAccess
  readonly portGroup: number
}

/** What an integer of a switch is; `absent` where it has no such object. */
export type SnmpResult =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'absent' }

/** An SNMP session with one switch. All methods reject with a {@link SwitchError}. */
export interface SwitchSession {
  /** @param oid - Of an INTEGER. */
  get(oid: string): Promise<SnmpResult>
  set(oid: string, value: number): Promise<void>
  /** Ends what is under way with a {@link SwitchError}. */
  close(): void
}

/** The switch did not do what it was asked for; the message says why, without a secret. */
export class SwitchError extends Error {
  /** The switch itself has answered that it does not: nothing was changed. */
  readonly isRefusal: boolean

  constructor(message: string, isRefusal = false) {
    super(message)
    this.isRefusal = isRefusal
  }
}

/** For each try of a request; there are two. */
const TRY_MS = 1_000

/**
 * Opens a session: reads the secrets, looks the host up, sends nothing yet.
 *
 * @throws {@link SwitchError} where a secret cannot be read, or there is no such host.
 */
export async function openSwitchSession({ name, host, snmp }: Switch): Promise<SwitchSession> {
  const secrets: string[] = []
  for (const { key, file, minLength } of secretsOf(snmp)) {
    const read = await readSecret(file, { minLength })
    if (read.kind === 'refused') throw new SwitchError(`${name}: ${key}: ${read.reason}`)
    secrets.push(read.secret)
  }
  const { address } = await lookup(host, { family: 4 }).catch(() => {
    throw new SwitchError(`${name}: ${host} has no IPv4 address`)
  })
  // Loaded with the first use: most appliances have no switch, and it has 7,000 lines.
  const { default: library } = await import('net-snmp')
  const version = snmp.version === 3 ? 'v3' : 'v2c'
  const options = {
    version: snmp.version === 3 ? library.Version3 : library.Version2c,
    port: snmp.port,
    retries: 1,
    timeout: TRY_MS,
    dgramModule: {
      createSocket: () => new GuardedSocket({ address, port: snmp.port, version }),
    },
  }
  const [first = '', second = ''] = secrets
  const session =
    snmp.version === 3
      ? library.createV3Session(address, userOf(snmp, first, second, library), options)
      : library.createSession(address, first, options)
  return new LibrarySession(session, name, library)
}

type Library = typeof import('net-snmp')['default']

function userOf(
  { user, auth }: SnmpAccess & { readonly version: 3 },
  authKey: string,
  privKey: string,
  library: Library,
) {
  const { AuthProtocols, PrivProtocols, SecurityLevel } = library
  return {
    name: user,
    level: SecurityLevel.authPriv,
    authProtocol: auth === 'sha256' ? AuthProtocols.sha256 : AuthProtocols.sha,
    authKey,
    privProtocol: PrivProtocols.aes,
    privKey,
  }
}

class LibrarySession implements SwitchSession {
  readonly #session: Session
  readonly #name: string
  readonly #library: Library
  #isClosed = false

  constructor(session: Session, name: string, library: Library) {
    this.#session = session
    this.#name = name
    this.#library = library
    // A message that cannot be read is no answer; the request times out.
    session.on('error', () => {})
  }

  async get(oid: string): Promise<SnmpResult> {
    const varbind = await this.#ask((done) => this.#session.get([oid], done))
    if (this.#library.isVarbindError(varbind)) return { kind: 'absent' }
    if (varbind.oid !== oid || typeof varbind.value !== 'number') {
      throw new SwitchError(`${this.#name} answered with another object or no number`)
    }
    return { kind: 'value', value: varbind.value }
  }

  async set(oid: string, value: number): Promise<void> {
    const type = this.#library.ObjectType.Integer
    await this.#ask((done) => this.#session.set([{ oid, type, value }], done))
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#session.close()
  }

  #ask(request: (done: (error: Error | null, varbinds: readonly Varbind[]) => void) => void) {
    return new Promise<Varbind>((resolve, reject) => {
      request((error, varbinds) => {
        const [varbind] = varbinds ?? []
        if (error !== null) reject(this.#faultOf(error))
        else if (varbind === undefined)
          reject(new SwitchError(`${this.#name} answered with nothing`))
        else resolve(varbind)
      })
    })
  }

  /** RFC 3416 section 3 names the errors of a switch, RFC 3414 section 3.2 those of a user. */
  #faultOf({ name, message }: Error): SwitchError {
    if (name === 'RequestTimedOutError') {
      return new SwitchError(`${this.#name} does not answer SNMP: look at host, access and secret`)
    }
    if (name === 'RequestFailedError') {
      return new SwitchError(`${this.#name} refuses: ${message}`, true)
    }
    // Digests of a message are in the library's text, and are of no use.
    return new SwitchError(`${this.#name}: ${message.replace(/ ?[0-9a-f]{16,}/g, '')}`)
  }
}
