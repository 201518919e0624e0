/** A packet of a capture. */
export type CapturedPacket = {
  /** Nanoseconds since 1970; 0 where the capture has no times. */
  readonly atNs: bigint
  /** How its bytes begin, as tcpdump.org numbers link-layer header types: 1 is Ethernet. */
  readonly linkType: number
  /** A view on the capture; shorter than the packet was where the capture cut it. */
  readonly bytes: Uint8Array
}

/** What a capture file holds. */
export type Capture = {
  readonly packets: readonly CapturedPacket[]
  /** Whether the file ends in the middle of a packet, as one does whose writer was killed. */
  readonly isCut: boolean
}

/** Link-layer header types that `readFrame` understands. */
export const LinkType = {
  null: 0,
  ethernet: 1,
  raw: 101,
  linuxCooked: 113,
  ipv4: 228,
  linuxCooked2: 276,
} as const
