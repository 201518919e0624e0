import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { CLIENTS_ADDRESS, SW_A, SW_B } from './places.ts'
import type { Companion } from './rounds.ts'

const TFTP_PORT = 69
const DATA_OPCODE = 3

/** ERROR 0, which ends a transfer. */
const STOP = Buffer.from('\0\x05\0\0stop\0', 'latin1')

/** Names that a 7940 or 7960 asks for, and that could change one (docs/hostile-input.md). */
const NAMES = ['OS79XX.TXT', 'SIPDefault.cnf', 'XMLDefault.cnf.xml', 'P0S3-8-12-00.loads', 'absent']

/** An answer may take so long, in milliseconds. */
const PATIENCE_MS = 400

/** How often files are asked for, in milliseconds. */
const EVERY_MS = 300

/**
 * An unknown device that asks both appliances for the same file at one moment. Only the owner of the
 * network may answer, so two answers in a row from both mean that a follower does; and none of these
 * files may be given to it.
 */
export class FileReader implements Companion {
  readonly #found: string[] = []
  #doubles = 0
  /** Answers of any kind. */
  answers = 0

  readonly run = async (isOver: () => boolean): Promise<void> => {
    for (let turn = 0; !isOver(); turn++) {
      await pause(EVERY_MS)
      await this.#ask(NAMES[turn % NAMES.length] ?? 'absent')
    }
  }

  readonly judge = async (): Promise<readonly string[]> => this.#found.splice(0)

  async #ask(name: string): Promise<void> {
    const answers = await answersTo(name)
    this.answers += answers.length
    for (const { server, opcode } of answers) {
      if (opcode === DATA_OPCODE) this.#found.push(`I6 ${server} gave ${name} to an unknown device`)
    }
    this.#doubles = answers.length > 1 ? this.#doubles + 1 : 0
    if (this.#doubles > 1) this.#found.push(`I5 both appliances answered for ${name}`)
  }
}

type FileAnswer = { readonly server: string; readonly opcode: number }

/** What the appliances say to a read request, the first answer of each. */
async function answersTo(name: string): Promise<readonly FileAnswer[]> {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  socket.bind(0, CLIENTS_ADDRESS)
  await once(socket, 'listening')
  const answers = new Map<string, number>()
  socket.on('message', (packet, { address, port }) => {
    if (!answers.has(address)) answers.set(address, packet.readUInt16BE(0))
    // A transfer that began is ended: nobody acknowledges it.
    if (packet.readUInt16BE(0) === DATA_OPCODE) socket.send(STOP, port, address, () => {})
  })
  const request = Buffer.from(`\0\x01${name}\0octet\0`, 'latin1')
  for (const { address } of [SW_A, SW_B]) socket.send(request, TFTP_PORT, address, () => {})
  await pause(PATIENCE_MS)
  socket.close()
  return [...answers].map(([server, opcode]) => ({ server, opcode }))
}
