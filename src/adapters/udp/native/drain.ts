import type { Libc, Watch } from './libc.ts'

/** Datagrams taken at a time: the rest of the process has its turn in between. */
const MAX_AT_ONCE = 64

const MAX_OCTETS = 2048

/**
 * Hands over each datagram that a descriptor receives, cut to 2048 bytes, until ended.
 *
 * @param onDatagram - Gets a view that is valid during the call.
 * @param onFault - The descriptor receives no more; called once, from within the event loop.
 */
export function drain(
  libc: Libc,
  descriptor: number,
  onDatagram: (bytes: Uint8Array) => void,
  onFault: (error: unknown) => void,
): Watch {
  const buffer = new Uint8Array(MAX_OCTETS)
  const watch = libc.watch(descriptor, () => {
    try {
      for (let count = 0; count < MAX_AT_ONCE; count++) {
        const length = libc.receive(descriptor, buffer)
        if (length === undefined) return
        onDatagram(buffer.subarray(0, length))
      }
    } catch (error) {
      onFault(error)
    }
  })
  return watch
}
