import type { Capture } from '../../src/wire/capture/captured-packet.ts'

/** A capture as vectors expect it: time in nanoseconds, link type and octets of each packet. */
export function describeCapture({ packets, isCut }: Capture): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ['cut', `${isCut}`],
    ...packets.map(({ atNs, linkType, bytes }, index) => [
      `packet ${index}`,
      `${atNs} ${linkType} ${Buffer.from(bytes).toString('hex')}`,
    ]),
  ])
}
