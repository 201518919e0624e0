import { uint32LeAt } from '../../wire/sccp/layout.ts'

type LengthOf = (payload: Uint8Array) => number

/**
 * What a call manager may say to a load of these phones, by message number, and the length field that it must have
 * then. Phones answer anything else by starting again: a 7960 did so for ever over answers of another size (chan-sccp
 * issue 412), a 7911 over a number that it did not know (issue 424). Sizes: chan-sccp `sccp_protocol.h`, Wireshark.
 */
const LENGTHS: ReadonlyMap<number, LengthOf> = new Map<number, LengthOf>([
  [0x0081, () => 24], // RegisterAck
  [0x0090, () => 96], // ForwardStat
  [0x0091, () => 72], // SpeedDialStat
  [0x0092, () => 116], // LineStat
  [0x0093, () => 116], // ConfigStat
  [0x0094, () => 40], // TimeDate
  [0x0097, () => 100], // ButtonTemplate: 42 buttons, used or not
  [0x0098, () => 20], // Version
  [0x009b, () => 4], // CapabilitiesReq
  [0x009d, () => 36], // RegisterReject
  [0x009e, () => 284], // ServerRes: five of 48 + 4 + 4 bytes
  [0x009f, () => 8], // Reset
  [0x0100, () => 4], // KeepAliveAck
  [0x0108, (payload) => tableLength(payload, 20)], // SoftKeyTemplate
  [0x0109, (payload) => tableLength(payload, 48)], // SoftKeySet
  [0x0118, () => 8], // UnregisterAck
])

/** Older call managers say one byte more in RegisterReject. */
const ALSO: ReadonlyMap<number, number> = new Map([[0x009d, 37]])

/** The number of a message that the phone cannot take; null where it is good. */
export function invalidMessage(frame: Uint8Array): number | null {
  const [length, number] = [uint32LeAt(frame, 0), uint32LeAt(frame, 8)]
  const wanted = LENGTHS.get(number)?.(frame.subarray(12))
  return length === wanted || length === ALSO.get(number) ? null : number
}

/** Offset, count and total, then `count` entries. */
function tableLength(payload: Uint8Array, entryBytes: number): number {
  if (payload.length < 12) return 0
  return 4 + 12 + uint32LeAt(payload, 4) * entryBytes
}
