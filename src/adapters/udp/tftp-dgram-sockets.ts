import type { RemoteInfo, Socket } from 'node:dgram'
import { once } from 'node:events'
import { formatIpv4, parseIpv4, UNSPECIFIED } from '../../net/ipv4.ts'
import type { Peer, SendBlocks } from '../../tftp/effect.ts'
import { writeDataHeader } from '../../wire/tftp/encode-packet.ts'
import { DATA_HEADER_BYTES } from '../../wire/tftp/packet.ts'
import { newSocket } from './open-socket.ts'
import type { OnSocketFault, SocketWish, TftpSocket, TftpSockets } from './tftp-socket.ts'

/** Sockets of Node alone, one datagram at a time: works everywhere. */
export class TftpDgramSockets implements TftpSockets {
  readonly #onFault: OnSocketFault

  constructor(onFault: OnSocketFault) {
    this.#onFault = onFault
  }

  async open(wish: SocketWish): Promise<TftpSocket> {
    const socket = newSocket()
    const isBound = once(socket, 'listening')
    socket.bind(wish.port, formatIpv4(wish.address))
    await isBound
    socket.setRecvBufferSize(wish.bufferBytes)
    socket.on('error', this.#onFault)
    const opened = new TftpDgramSocket(socket)
    socket.on('message', (bytes, from) => {
      if (wish.isListener) afterOthers(() => opened.isOpen && receive(wish, bytes, from))
      else receive(wish, bytes, from)
    })
    return opened
  }

  flush(): void {}

  close(): void {}
}

class TftpDgramSocket implements TftpSocket {
  readonly #socket: Socket
  readonly port: number
  isOpen = true

  constructor(socket: Socket) {
    this.#socket = socket
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
      this.#socket.send(packet, 0, packet.length, clientPort, address)
    }
  }

  sendPacket({ bytes, client, clientPort }: Peer & { readonly bytes: Uint8Array }): void {
    this.#socket.send(bytes, clientPort, formatIpv4(client))
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
