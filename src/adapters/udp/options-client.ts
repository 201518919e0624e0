import { randomBytes } from 'node:crypto'
import {
  encodeOptions,
  OPTIONS_END_MS,
  OPTIONS_SENDS_MS,
  type OptionsAnswer,
  PHONE_SIP_PORT,
  readOptionsAnswer,
} from '../../call-control/sip/options-probe.ts'
import { formatIpv4, type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import { openUdpSocket } from './open-socket.ts'

/** A phone, and from where it is asked. */
export type OptionsPlace = {
  readonly client: Ipv4
  /** Ours on its network. */
  readonly local: Ipv4
  /** Null where the network is reached through relays only. */
  readonly interfaceName: string | null
}

/** A socket that answers come to. */
export type OptionsSocket = {
  readonly port: number
  readonly send: (bytes: Uint8Array, client: Ipv4, clientPort: number) => void
  /** Is given every datagram until `close`; true: it was for us. */
  readonly listen: (onDatagram: (bytes: Uint8Array, client: Ipv4) => boolean) => void
  readonly close: () => void
}

/** Room for a few answers. */
const BUFFER_BYTES = 65_536

/**
 * Asks phones by OPTIONS: from our SIP socket where there is one, because phones answer to the port of
 * Via, and otherwise from a socket of its own on the phone's network.
 */
export class OptionsClient {
  readonly #shared: (local: Ipv4) => OptionsSocket | null
  readonly #port: number

  /**
   * @param shared - Our SIP socket at that address; null if call control does not listen there.
   * @param port - For tests.
   */
  constructor(shared: (local: Ipv4) => OptionsSocket | null, port = PHONE_SIP_PORT) {
    this.#shared = shared
    this.#port = port
  }

  /** Null if no answer came in time, or no socket could be opened. */
  async ask(place: OptionsPlace): Promise<OptionsAnswer | null> {
    const socket = this.#shared(place.local) ?? (await openOwn(place).catch(() => null))
    if (socket === null) return null
    const token = randomBytes(12).toString('hex')
    const bytes = encodeOptions({ ...place, localPort: socket.port, token })
    try {
      return await this.#exchange(socket, place.client, { bytes, token })
    } finally {
      socket.close()
    }
  }

  #exchange(
    socket: OptionsSocket,
    client: Ipv4,
    { bytes, token }: { readonly bytes: Uint8Array; readonly token: string },
  ): Promise<OptionsAnswer | null> {
    return new Promise((resolve) => {
      const timers = OPTIONS_SENDS_MS.map((afterMs) =>
        setTimeout(() => socket.send(bytes, client, this.#port), afterMs),
      )
      const end = (answer: OptionsAnswer | null) => {
        for (const timer of timers) clearTimeout(timer)
        resolve(answer)
      }
      timers.push(setTimeout(() => end(null), OPTIONS_END_MS))
      socket.listen((datagram, from) => {
        const answer = from === client ? readOptionsAnswer(datagram, token) : undefined
        if (answer === undefined) return false
        end(answer)
        return true
      })
    })
  }
}

async function openOwn({ local, interfaceName }: OptionsPlace): Promise<OptionsSocket> {
  const socket = await openUdpSocket({
    address: local,
    port: 0,
    interfaceName,
    broadcast: false,
    bufferBytes: BUFFER_BYTES,
    sharesPort: false,
  })
  // What cannot be sent or received is no answer.
  socket.on('error', () => {})
  return {
    port: socket.address().port,
    send: (bytes, client, clientPort) =>
      socket.send(bytes, clientPort, formatIpv4(client), () => {
        // The next repeat may leave.
      }),
    listen: (onDatagram) =>
      void socket.on('message', (bytes, from) => {
        const client = parseIpv4(from.address)
        if (client !== undefined) onDatagram(bytes, client)
      }),
    close: () => void socket.close(),
  }
}
