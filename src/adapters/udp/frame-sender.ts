import { networkInterfaces } from 'node:os'
import { macToBytes, parseMac } from '../../net/mac.ts'
import { encodeUdpFrame, type FrameEnd } from '../../wire/frame/udp-frame.ts'
import type { Libc } from './native/libc.ts'
import { AddressFamily, packetAddress, SocketType } from './native/socket-address.ts'
import { SystemCallError } from './native/system-call-error.ts'

/** Sends UDP to a hardware address: to clients that cannot answer ARP yet. */
export interface FrameSender {
  /**
   * @param from - Our end; its hardware address is the interface's.
   * @throws {@link SystemCallError} where the frame did not leave.
   */
  send(
    interfaceName: string,
    from: Omit<FrameEnd, 'hardwareAddress'>,
    to: FrameEnd,
    payload: Uint8Array,
  ): void
  close(): void
}

/** What a frame on an interface needs to know of it. */
export type LinkFacts = { readonly index: number; readonly hardwareAddress: Uint8Array }

/**
 * Opens a socket for frames on any interface.
 *
 * @throws {@link SystemCallError} `EPERM` without CAP_NET_RAW.
 */
export function openFrameSender(libc: Libc): FrameSender {
  // Protocol 0: it sends and hears nothing.
  const descriptor = libc.socket(AddressFamily.packet, SocketType.raw, 0)
  const links = new Map<string, LinkFacts>()
  return {
    send(interfaceName, from, to, payload) {
      const link = links.get(interfaceName) ?? linkFacts(libc, interfaceName)
      links.set(interfaceName, link)
      const source = { ...from, hardwareAddress: link.hardwareAddress }
      const address = packetAddress(link.index, 0, to.hardwareAddress)
      try {
        libc.sendto(descriptor, encodeUdpFrame(source, to, payload), address)
      } catch (error) {
        // It may have been removed and made again, under another number.
        links.delete(interfaceName)
        throw error
      }
    },
    close: () => libc.close(descriptor),
  }
}

/**
 * The number and hardware address of an Ethernet interface as they are now.
 *
 * @throws {@link SystemCallError} `ENODEV` where there is none of the name.
 */
export function linkFacts(libc: Libc, interfaceName: string): LinkFacts {
  const index = libc.interfaceIndex(interfaceName)
  const mac = parseMac(networkInterfaces()[interfaceName]?.[0]?.mac ?? '')
  if (mac === undefined) throw new SystemCallError('networkInterfaces', 'ENODEV')
  return { index, hardwareAddress: macToBytes(mac) }
}
