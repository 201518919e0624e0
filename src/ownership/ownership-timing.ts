/** The times of ownership, all in milliseconds of the machine's own monotonic clock. */
export type OwnershipTiming = {
  /** A follower takes over when the beat has not changed for so long. At least 2,000. */
  readonly takeoverAfterMs: number
  /** How long an owner that cannot reach the database repeats what it promised. At least 20,000. */
  readonly repeatForMs: number
}

/** Five beats fit into a takeover time, so that a lost one moves nothing. */
export function beatEveryMs(timing: OwnershipTiming): number {
  return Math.max(250, Math.min(1500, Math.floor(timing.takeoverAfterMs / 5)))
}

/** Followers look as often as owners beat, and at least each second. */
export function pollEveryMs(timing: OwnershipTiming): number {
  return Math.max(250, Math.min(1000, Math.floor(timing.takeoverAfterMs / 5)))
}

/** A follower that has not looked for longer has not seen what the beat did meanwhile. */
export function longestBlinkMs(timing: OwnershipTiming): number {
  return Math.floor(timing.takeoverAfterMs / 2)
}

/**
 * Longest wait for a connection to one of so many hosts. All of them together take a quarter of the
 * takeover time: when the database comes back, its owner is there before a follower may take over.
 */
export function connectWithinMs(
  timing: Pick<OwnershipTiming, 'takeoverAfterMs'>,
  hosts: number,
): number {
  const each = Math.floor(timing.takeoverAfterMs / 4 / hosts)
  return Math.max(500, Math.min(3000, each))
}

/**
 * An owner stops being sure so long before a follower can take over: clocks of two machines may
 * differ in rate by a twentieth.
 */
export function marginMs(timing: OwnershipTiming): number {
  return Math.max(200, Math.floor(timing.takeoverAfterMs / 16))
}

/** An appliance whose last confirmed word is older may have been taken over. */
export function sureForMs(timing: OwnershipTiming): number {
  return timing.takeoverAfterMs - marginMs(timing)
}

/** An owner that cannot serve waits so long before it gives the network up: links flap. */
export const UNFIT_FOR_MS = 2000
