import type { ApplicationEffect, SocketEffect, SocketNews } from './effect.ts'
import type { SipAgent } from './sip-agent.ts'
import type { SipSettings } from './sip-lines.ts'

/** RFC 854. */
const TELNET_PORT = 23

/** A line of input; more is thrown away. */
const MAX_LINE = 128

/** Wrong passwords on one connection. No source tells: a guess. */
const MAX_TRIES = 3

/** IAC, and the commands with an option after them: SB, WILL, WONT, DO, DONT (RFC 854). */
const COMMAND = { escape: 255, firstWithOption: 251 } as const

/** One connection to port 23. */
type Login = { line: string; tries: number; isIn: boolean; skips: number; isBehindCr: boolean }

/** What the command line of a SIP load needs. */
export type TelnetConfig = {
  readonly settings: SipSettings
  readonly agent: SipAgent
  readonly rejectsPassword: boolean
}

/**
 * The command line of a SIP load (`telnet_level` 1 or 2): asks for the password alone, then prompts; `reset` starts the
 * phone again and the session just dies. Sources: two scripts that reset phones in this way, published dialogues.
 */
export class TelnetServer {
  readonly #config: TelnetConfig
  readonly #logins = new Map<number, Login>()

  constructor(config: TelnetConfig) {
    this.#config = config
  }

  begin(): readonly ApplicationEffect[] {
    return this.#config.settings.telnetLevel < 1
      ? []
      : [socket({ kind: 'listen', port: TELNET_PORT })]
  }

  end(): readonly ApplicationEffect[] {
    if (this.#config.settings.telnetLevel < 1) return []
    const open = [...this.#logins.keys()]
    this.#logins.clear()
    return [
      socket({ kind: 'stop-listening', port: TELNET_PORT }),
      ...open.map((connection) => socket({ kind: 'hang-up', connection })),
    ]
  }

  onSocket(news: SocketNews): readonly ApplicationEffect[] {
    switch (news.kind) {
      case 'called':
        if (news.port !== TELNET_PORT) return []
        this.#logins.set(news.connection, {
          line: '',
          tries: 0,
          isIn: false,
          skips: 0,
          isBehindCr: false,
        })
        return [write(news.connection, '\r\n\r\nPassword :')]
      case 'bytes':
        return this.#onBytes(news.connection, news.bytes)
      case 'hung-up':
        this.#logins.delete(news.connection)
        return []
      default:
        return []
    }
  }

  #onBytes(connection: number, bytes: Uint8Array): readonly ApplicationEffect[] {
    const login = this.#logins.get(connection)
    if (login === undefined) return []
    const effects: ApplicationEffect[] = []
    for (const byte of bytes) {
      if (this.#isCommand(login, byte)) continue
      if (isLineEnd(login, byte)) effects.push(...this.#onLine(connection, login))
      else if (isPrintable(byte) && login.line.length < MAX_LINE) {
        login.line += String.fromCharCode(byte)
      }
      if (!this.#logins.has(connection)) break
    }
    return effects
  }

  /** A client may offer options; the phone takes none. */
  #isCommand(login: Login, octet: number): boolean {
    if (login.skips > 0) {
      login.skips = octet >= COMMAND.firstWithOption && octet < COMMAND.escape ? 1 : login.skips - 1
      return true
    }
    if (octet !== COMMAND.escape) return false
    login.skips = 1
    return true
  }

  #onLine(connection: number, login: Login): readonly ApplicationEffect[] {
    const line = login.line.trim()
    login.line = ''
    if (!login.isIn) return this.#onPassword(connection, login, line)
    switch (line) {
      case 'reset':
        return [{ kind: 'reset', cause: 'telnet' }]
      case 'exit':
        return this.#hangUp(connection)
      case 'sh reg':
      case 'show register':
        return [write(connection, `${this.#registerTable()}${this.#prompt}`)]
      default:
        return [write(connection, this.#prompt)]
    }
  }

  #onPassword(connection: number, login: Login, line: string): readonly ApplicationEffect[] {
    const { settings, rejectsPassword } = this.#config
    if (line === settings.password && !rejectsPassword) {
      login.isIn = true
      return [write(connection, this.#prompt)]
    }
    login.tries++
    const news = { event: 'phone.telnet.refused' } as const
    const reported: ApplicationEffect = { kind: 'report', news }
    if (login.tries >= MAX_TRIES) return [reported, ...this.#hangUp(connection)]
    return [reported, write(connection, '\r\nPassword :')]
  }

  #hangUp(connection: number): readonly ApplicationEffect[] {
    this.#logins.delete(connection)
    return [socket({ kind: 'hang-up', connection })]
  }

  get #prompt(): string {
    const { prompt, telnetLevel } = this.#config.settings
    return telnetLevel > 1 ? `\r\n${prompt}# ` : `\r\n${prompt}> `
  }

  /** As a 7940 printed it: whether lines are authenticated, provisioned, registered. */
  #registerTable(): string {
    const rows = this.#config.agent.registrations.map(({ line, isRegistered }, index) => {
      const proxy = line.proxy === null ? 'UNPROVISIONED' : `${line.proxy.port}`
      return `${index + 1}    .${line.name === '' ? '.' : '1'}${isRegistered ? '1' : 'x'}  ${isRegistered ? 'REGISTERED' : 'IDLE'}  ${proxy}`
    })
    return ['', 'LINE REGISTRATION TABLE', 'line APR  state       proxy', ...rows].join('\r\n')
  }
}

function socket(effect: SocketEffect): ApplicationEffect {
  return { kind: 'socket', effect }
}

function write(connection: number, text: string): ApplicationEffect {
  return socket({ kind: 'write', connection, bytes: new TextEncoder().encode(text) })
}

/** CR followed by LF or NUL (RFC 854), or the LF that a plain TCP client sends. */
function isLineEnd(login: Login, byte: number): boolean {
  const isEnd = byte === 0x0d || (byte === 0x0a && !login.isBehindCr)
  login.isBehindCr = byte === 0x0d
  return isEnd
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f
}
