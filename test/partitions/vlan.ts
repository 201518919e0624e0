import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import {
  type ClientMessage,
  datagramOf,
  readReply,
  type ServerReply,
} from '../kills/dhcp-datagram.ts'

const CLIENT_PORT = 68
const SERVER_PORT = 67
const EVERYBODY = '255.255.255.255'
const XID_AT = 4

/** Answers are told apart for so long after their question, in milliseconds. */
const REMEMBERED_MS = 60_000

/** How often it is noted that we are not busy, in milliseconds. */
const TURN_MS = 20

/** A reply, and what it answers. */
export type Heard = ServerReply & {
  readonly said: ClientMessage
  readonly saidAtMs: number
  readonly heardAtMs: number
  /** It came in after this: we may have been busy, and read it late. */
  readonly arrivedAfterMs: number
}

type Question = {
  readonly said: ClientMessage
  readonly atMs: number
  /** Who waits for the first answer; null once somebody was told, or nobody waits any more. */
  answered: ((heard: Heard) => void) | null
}

/**
 * The clients' side of the VLAN: many clients behind one socket. Their broadcasts reach every
 * appliance; answers come back as broadcasts, or to the address that a client has. Each message has
 * an xid of its own, so a late answer is known for what it is.
 */
export class Vlan {
  readonly #socket: Socket
  readonly #nowMs: () => number
  readonly #questions = new Map<number, Question>()
  readonly #listeners: ((heard: Heard) => void)[] = []
  readonly #turns: NodeJS.Timeout
  /** When we were not busy: the last time, and the one before. */
  #turnAtMs: number
  #earlierTurnAtMs: number
  #nextXid: number

  private constructor(socket: Socket, nowMs: () => number) {
    this.#socket = socket
    this.#nowMs = nowMs
    this.#turnAtMs = nowMs()
    this.#earlierTurnAtMs = this.#turnAtMs
    this.#turns = setInterval(() => this.#onTurn(), TURN_MS)
    this.#nextXid = (Date.now() ^ (process.pid << 8)) >>> 0
    socket.on('message', (datagram) => this.#onDatagram(datagram))
    // A cut or a pulled cable makes sends fail: the message is lost then, as on a wire.
    socket.on('error', () => {})
  }

  static async open(nowMs: () => number): Promise<Vlan> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 })
    socket.bind(CLIENT_PORT)
    await once(socket, 'listening')
    socket.setBroadcast(true)
    return new Vlan(socket, nowMs)
  }

  /** Every reply, those that nobody waits for included. */
  onHeard(listener: (heard: Heard) => void): void {
    this.#listeners.push(listener)
  }

  /** Says something to all servers, or to one; the first answer, undefined for silence. */
  ask(said: ClientMessage, withinMs: number, server = EVERYBODY): Promise<Heard | undefined> {
    return new Promise((resolve) => {
      const question = this.#say(said, server)
      const timer = setTimeout(() => {
        question.answered = null
        resolve(undefined)
      }, withinMs)
      question.answered = (heard) => {
        clearTimeout(timer)
        resolve(heard)
      }
    })
  }

  /** Says what gets no answer. */
  report(said: ClientMessage, server: string): void {
    this.#say(said, server)
  }

  close(): void {
    clearInterval(this.#turns)
    this.#socket.close()
  }

  #onTurn(): void {
    this.#earlierTurnAtMs = this.#turnAtMs
    this.#turnAtMs = this.#nowMs()
  }

  #say(said: ClientMessage, server: string): Question {
    this.#nextXid = (this.#nextXid + 1) >>> 0
    const xid = this.#nextXid
    const question: Question = { said, atMs: this.#nowMs(), answered: null }
    this.#questions.set(xid, question)
    const datagram = datagramOf({ ...said, isBroadcast: true })
    datagram.writeUInt32BE(xid, XID_AT)
    this.#socket.send(datagram, SERVER_PORT, server, () => {})
    this.#forgetOld()
    return question
  }

  #forgetOld(): void {
    const oldestMs = this.#nowMs() - REMEMBERED_MS
    for (const [xid, { atMs }] of this.#questions) {
      if (atMs >= oldestMs) return
      this.#questions.delete(xid)
    }
  }

  #onDatagram(datagram: Buffer): void {
    const reply = readReply(datagram)
    const question = this.#questions.get(reply === undefined ? -1 : datagram.readUInt32BE(XID_AT))
    if (reply === undefined || question === undefined) return
    const heard = {
      ...reply,
      said: question.said,
      saidAtMs: question.atMs,
      heardAtMs: this.#nowMs(),
      arrivedAfterMs: this.#earlierTurnAtMs,
    }
    for (const listener of this.#listeners) listener(heard)
    question.answered?.(heard)
    question.answered = null
  }
}
