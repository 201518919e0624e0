import { connect, type Socket } from 'node:net'
import type {
  RestartMethod,
  RestartTarget,
  SendOutcome,
} from '../../call-control/restart/method.ts'
import { formatIpv4 } from '../../net/ipv4.ts'
import { TelnetReader, telnetLine } from '../../wire/telnet/telnet-reader.ts'

/** How a session is held; tests shorten the times. */
export type TelnetOptions = {
  /** TCP port of the phone. */
  readonly port: number
  /** For the connection, and then for each prompt. */
  readonly promptWithinMs: number
  /** Nothing more came for so long: what looks like a prompt is one. */
  readonly settleMs: number
  /** After `reset`: how long the end of the session is waited for. */
  readonly endWithinMs: number
}

const DEFAULTS: TelnetOptions = {
  port: 23,
  promptWithinMs: 5_000,
  settleMs: 250,
  endWithinMs: 3_000,
}

/** A banner and two prompts have some hundred bytes. */
const MOST_BYTES = 16_384

/** Of the end of the text; a prompt is a short last line. */
const MOST_LINE = 64

/**
 * Restarts a SIP phone by its own telnet server: password, `reset`. There is no user name.
 *
 * One login attempt: a phone with another password is not tried again. The prompts are told by their
 * last line alone, because no source has the banner.
 */
export class TelnetRestart implements RestartMethod {
  readonly name = 'telnet'
  readonly #options: TelnetOptions

  constructor(options: Partial<TelnetOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options }
  }

  async send({ address, telnet }: RestartTarget, signal: AbortSignal): Promise<SendOutcome> {
    if (address === null) return failed('the address of the phone is not known')
    if (telnet === null) return failed('the phone was served no telnet_level and phone_password')
    if (signal.aborted) return failed('it was stopped before it began')
    const host = formatIpv4(address)
    return new Session({ host, password: telnet.password, options: this.#options }).run(signal)
  }
}

type Step = 'connect' | 'password' | 'prompt' | 'end'

type SessionParts = {
  readonly host: string
  readonly password: string
  readonly options: TelnetOptions
}

class Session {
  readonly #parts: SessionParts
  readonly #socket: Socket
  readonly #reader = new TelnetReader()
  readonly #outcome: Promise<SendOutcome>
  /** The first outcome counts. */
  #end: (outcome: SendOutcome) => void = () => {}
  #step: Step = 'connect'
  /** What came since the step began. */
  #text = ''
  #receivedBytes = 0
  #deadline: NodeJS.Timeout | undefined
  #settling: NodeJS.Timeout | undefined

  constructor(parts: SessionParts) {
    this.#parts = parts
    const { host, options } = parts
    this.#outcome = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#socket = connect({ host, port: options.port, noDelay: true })
  }

  async run(signal: AbortSignal): Promise<SendOutcome> {
    const socket = this.#socket
    const onAbort = () => this.#end(failed(`it was stopped while ${this.#doing()}`))
    signal.addEventListener('abort', onAbort)
    this.#wait(this.#parts.options.promptWithinMs)
    socket.on('connect', () => this.#begin('password'))
    socket.on('data', (bytes) => this.#onData(bytes))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#onError(error))
    socket.on('close', () => this.#onClose())
    try {
      return await this.#outcome
    } finally {
      signal.removeEventListener('abort', onAbort)
      clearTimeout(this.#deadline)
      clearTimeout(this.#settling)
      socket.destroy()
    }
  }

  #begin(step: Step): void {
    const { promptWithinMs, endWithinMs } = this.#parts.options
    this.#step = step
    this.#text = ''
    this.#wait(step === 'end' ? endWithinMs : promptWithinMs)
  }

  #wait(ms: number): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#onTimeout(), ms)
  }

  #onData(bytes: Uint8Array): void {
    this.#receivedBytes += bytes.length
    if (this.#receivedBytes > MOST_BYTES) {
      return void this.#end(failed(`${this.#host()} sent more than ${MOST_BYTES} bytes`))
    }
    const { text, reply } = this.#reader.read(bytes)
    if (reply.length > 0) this.#socket.write(reply)
    this.#text += text
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#onSettled(), this.#parts.options.settleMs)
  }

  /** The phone has stopped talking: is it a prompt? */
  #onSettled(): void {
    const line = lastLine(this.#text)
    if (this.#step === 'password' && asksPassword(line)) return void this.#sendPassword()
    if (this.#step !== 'prompt') return
    const answer = withoutEcho(line, this.#parts.password)
    if (asksPassword(answer)) {
      return void this.#end(
        failed(`${this.#host()} did not take the phone_password last served to it`),
      )
    }
    if (asksCommand(answer)) this.#sendReset()
  }

  #sendPassword(): void {
    this.#socket.write(telnetLine(this.#parts.password))
    this.#begin('prompt')
  }

  #sendReset(): void {
    this.#socket.write(telnetLine('reset'))
    this.#begin('end')
  }

  #onTimeout(): void {
    if (this.#step !== 'end') {
      return void this.#end(
        failed(`${this.#host()} was silent for too long while ${this.#doing()}`),
      )
    }
    // A phone that restarts may not come to close its connections: without a new prompt it left.
    const line = lastLine(this.#text)
    if (!asksCommand(line)) return void this.#end(SENT)
    this.#end(failed(`${this.#host()} went on with its prompt after reset`))
  }

  #onError({ code, message }: NodeJS.ErrnoException): void {
    if (this.#step === 'end') return void this.#end(SENT)
    if (code === 'ECONNREFUSED') {
      return void this.#end(failed(`${this.#host()} refuses telnet: its telnet_level may be 0`))
    }
    this.#end(failed(`${this.#host()} was lost while ${this.#doing()}: ${code ?? message}`))
  }

  #onClose(): void {
    if (this.#step === 'end') return void this.#end(SENT)
    this.#end(failed(`${this.#host()} closed the session while ${this.#doing()}`))
  }

  #host(): string {
    return `${this.#parts.host}:${this.#parts.options.port}`
  }

  #doing(): string {
    switch (this.#step) {
      case 'connect':
        return 'the connection was opened'
      case 'password':
        return 'the password prompt was waited for'
      case 'prompt':
        return 'the prompt after the password was waited for'
      case 'end':
        return 'the end of the session was waited for'
      default:
        return this.#step satisfies never
    }
  }
}

const SENT: SendOutcome = { kind: 'sent' }

function failed(reason: string): SendOutcome {
  return { kind: 'failed', reason }
}

function lastLine(text: string): string {
  return text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1)
}

/** Seen as `Password :`. */
function asksPassword(line: string): boolean {
  return line.length <= MOST_LINE && /password/i.test(line)
}

/** `<phone_prompt>> `, and `Cisco7940# ` where the phone grants all commands. */
function asksCommand(line: string): boolean {
  return line.length <= MOST_LINE && /[>#]\s*$/.test(line)
}

/** A server that echoes what is typed shows the password, which may look like a prompt. */
function withoutEcho(line: string, password: string): string {
  return line.startsWith(password) ? line.slice(password.length) : line
}
