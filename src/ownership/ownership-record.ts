/**
 * What the database says about who serves a network. One row a network, shared by all appliances.
 *
 * The beat is a counter that the owner raises; a follower watches whether it *changes*, by its own
 * monotonic clock. No clock of one machine is ever compared with that of another.
 */
export type OwnershipRecord = {
  /** The name of the appliance that serves the network; null if it was given up cleanly. */
  readonly owner: string | null
  /** Drawn at random by the database at each takeover; every write of the owner carries it. */
  readonly token: string
  readonly beat: number
  /** Whether an earlier owner may still repeat what it promised (rule R1 of ARCHITECTURE.md). */
  readonly isUnclean: boolean
  /** The appliance to which an operator wants to hand the network; null if none. */
  readonly wanted: string | null
}

/** Whether two looks at a network show the same moment of the same ownership. */
export function isUnchanged(a: OwnershipRecord, b: OwnershipRecord): boolean {
  return a.owner === b.owner && a.token === b.token && a.beat === b.beat
}
