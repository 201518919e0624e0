import type { RemoteInfo, Socket } from 'node:dgram'
import { formatIpv4, parseIpv4, UNSPECIFIED } from '../../net/ipv4.ts'
import type { SendBlocks } from '../../tftp/effect.ts'
import { writeDataHeader } from '../../wire/tftp/encode-packet.ts'
import { DATA_HEADER_BYTES } from '../../wire/tftp/packet.ts'
import type { LoadedLibc } from './native/libc.ts'
import { codeOf } from './native/system-call-error.ts'
import { openUdpSocket } from './open-socket.ts'
import type { OutgoingDatagram, SocketWish, UdpSocket, UdpSockets } from './udp-socket.ts'

/** Node's own sockets, one datagram at a time: they work everywhere. */
export class DgramSockets implements UdpSockets {
  readonly #loaded: LoadedLibc

  /** @param loaded - What a socket on one interface alone is made by. */
  constructor(loaded: LoadedLibc) {
    this.#loaded = loaded
  }

  async open(wish: SocketWish): Promise<UdpSocket> {
    const socket = await openUdpSocket(wish, this.#loaded)
    socket.on('error', wish.onFault)
    const opened = new DgramSocket(socket, wish.onSendFailed)
    socket.on('message', (bytes, from) => {
      if (wish.isListener) afterOthers(() => opened.isOpen && receive(wish, bytes, from))
      else receive(wish, bytes, from)
    })
    return opened
  }

  /** The event loop alone can tell. */
  receiveWaiting(): void {}

  flush(): void {}

  close(): void {}
}

class DgramSocket implements UdpSocket {
  readonly #socket: Socket
  readonly #onSent: (error: Error | null) => void
  readonly port: number
  isOpen = true

  constructor(socket: Socket, onSendFailed: (code: string) => void) {
    this.#socket = socket
    this.#onSent = (error) => {
      if (error !== null) onSendFailed(codeOf(error))
    }
    this.port = socket.address().port
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
      this.#socket.send(packet, 0, packet.length, clientPort, address, this.#onSent)
    }
  }

  sendPacket({ bytes, client, clientPort }: OutgoingDatagram): void {
    this.#socket.send(bytes, clientPort, formatIpv4(client), this.#onSent)
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.#socket.close()
  }
}

/**
 * Waits until all sockets have been looked at once more: the loop's own look at them may have been
 * before the request came in, and its next one is between two such waits.
 */
function afterOthers(act: () => void): void {
  setImmediate(() => setImmediate(act))
}

function receive({ channel, onDatagram }: SocketWish, bytes: Uint8Array, from: RemoteInfo): void {
  const client = parseIpv4(from.address) ?? UNSPECIFIED
  onDatagram({ bytes, length: bytes.length, client, clientPort: from.port, channel })
}
