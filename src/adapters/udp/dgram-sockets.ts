import type { RemoteInfo, Socket } from 'node:dgram'
import { formatIpv4, parseIpv4, UNSPECIFIED } from '../../net/ipv4.ts'
import { codeOf } from '../../services/error-code.ts'
import type { SendBlocks } from '../../tftp/effect.ts'
import { writeDataHeader } from '../../wire/tftp/encode-packet.ts'
import { DATA_HEADER_BYTES } from '../../wire/tftp/packet.ts'
import type { LoadedLibc } from './native/libc.ts'
import { openUdpSocket } from './open-socket.ts'
import type { OutgoingDatagram, SocketOptions, UdpSocket, UdpSockets } from './udp-socket.ts'

/** Node's own sockets, one datagram at a time: they work everywhere. */
export class DgramSockets implements UdpSockets {
  readonly #loaded: LoadedLibc
  readonly #waiting = new SendsOfOneTurn()

  /** @param loaded - What a socket on one interface alone is made by. */
  constructor(loaded: LoadedLibc) {
    this.#loaded = loaded
  }

  async open(options: SocketOptions): Promise<UdpSocket> {
    const socket = await openUdpSocket(options, this.#loaded)
    socket.on('error', options.onFault)
    const opened = new DgramSocket(socket, this.#waiting, options.onSendFailed)
    socket.on('message', (bytes, from) => {
      if (options.isListener) afterOthers(() => opened.isOpen && receive(options, bytes, from))
      else receive(options, bytes, from)
    })
    return opened
  }

  flush(): void {
    this.#waiting.flush()
  }

  close(): void {}
}

class DgramSocket implements UdpSocket {
  readonly #socket: Socket
  readonly #waiting: SendsOfOneTurn
  readonly #onSent: (error: Error | null) => void
  readonly port: number
  isOpen = true

  constructor(socket: Socket, waiting: SendsOfOneTurn, onSendFailed: (code: string) => void) {
    this.#socket = socket
    this.#waiting = waiting
    this.#onSent = (error) => {
      if (error !== null) onSendFailed(codeOf(error))
    }
    this.port = socket.address().port
  }

  isBound(): boolean {
    try {
      return this.isOpen && this.#socket.address().port === this.port
    } catch {
      // Closed without Node's knowledge: the system does not know it any more.
      return false
    }
  }

  sendBlocks({ bytes, blockSize, firstBlock, count, client, clientPort }: SendBlocks): void {
    const address = formatIpv4(client)
    for (let block = firstBlock; block < firstBlock + count; block++) {
      const start = (block - 1) * blockSize
      const payload = bytes.subarray(start, start + blockSize)
      // A packet of its own: where the system's buffer is full, Node keeps it for later.
      const packet = Buffer.allocUnsafe(DATA_HEADER_BYTES + payload.length)
      writeDataHeader(block, packet, 0)
      packet.set(payload, DATA_HEADER_BYTES)
      this.#wait(packet, clientPort, address)
    }
  }

  sendPacket({ bytes, client, clientPort }: OutgoingDatagram): void {
    this.#wait(bytes, clientPort, formatIpv4(client))
  }

  close(): void {
    if (!this.isOpen) return
    this.#waiting.flush()
    this.isOpen = false
    this.#socket.close()
  }

  #wait(bytes: Uint8Array, port: number, address: string): void {
    this.#waiting.add(() => this.#socket.send(bytes, port, address, this.#onSent))
  }
}

/**
 * Keeps what is to be sent until all that has come in at this turn of the event loop is read. A
 * client that one datagram wakes has then more to read when it has done with that one, and neither
 * side goes to sleep and is woken for each: that costs more than sending.
 */
class SendsOfOneTurn {
  #sends: (() => void)[] = []

  add(send: () => void): void {
    if (this.#sends.length === 0) setImmediate(() => this.flush())
    this.#sends.push(send)
  }

  flush(): void {
    const sends = this.#sends
    this.#sends = []
    for (const send of sends) send()
  }
}

/**
 * Waits until all sockets have been looked at once more: the loop's own look at them may have been
 * before the request came in, and its next one is between two such waits.
 */
function afterOthers(act: () => void): void {
  setImmediate(() => setImmediate(act))
}

function receive(
  { channel, onDatagram }: SocketOptions,
  bytes: Uint8Array,
  from: RemoteInfo,
): void {
  const client = parseIpv4(from.address) ?? UNSPECIFIED
  onDatagram({ bytes, length: bytes.length, client, clientPort: from.port, channel })
}
