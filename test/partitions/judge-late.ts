import { keyOf } from '../kills/dhcp-datagram.ts'
import type { Heard } from './vlan.ts'

/** Longer than an answer may wait behind its commit (4 s, R3), with a second for a busy machine. */
const HELD_BACK_MS = 5000

/**
 * Judges a lease that a client was told of late. Who asks again with the same xid, as these phones do,
 * counts from the last time: until the answer came and for as long as it says. What is stored ends
 * then as well, if the appliance has answered as soon as it had read the question, however late that
 * was; an answer that was held back promises more.
 *
 * @param storedUntilMs - When the lease ends that was stored before the answer was heard; null for none.
 * @returns What is wrong, in words; null if nothing.
 */
export function judgeLate(heard: Heard, storedUntilMs: number | null): string | null {
  const { said, server, yiaddr, leaseSeconds, arrivedAfterMs } = heard
  const told = `I5 ${server} told ${keyOf(said)} of ${yiaddr}`
  if (storedUntilMs === null) return `${told} late, and had not stored it`
  const beyondMs = Math.round(arrivedAfterMs + leaseSeconds * 1000 - storedUntilMs)
  if (beyondMs <= HELD_BACK_MS) return null
  return `${told} ${beyondMs} ms after it was decided: it had held the answer back`
}
