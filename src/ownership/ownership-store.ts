import type { OwnershipRecord } from './ownership-record.ts'

/** What a look at the row of a network tells a follower. */
export type OwnershipLook = {
  /** Null where no appliance has ever served the network. */
  readonly record: OwnershipRecord | null
  /** Names of other appliances that could serve the network now. */
  readonly fit: readonly string[]
  /**
   * Whether the network of the record has another subnet, pool or reservation than ours: then it is
   * not ours to serve while it has an owner.
   */
  readonly differs?: boolean
}

/**
 * Where ownership is kept. Every method is one statement that the database carries out whole or not
 * at all; each rejects if the outcome is unknown, and the caller then looks again.
 */
export interface OwnershipStore {
  look(network: string): Promise<OwnershipLook>
  /**
   * Makes this appliance the owner if the row still is as `seen` (null: if there is no row).
   * Returns the new record with its fresh token, or null if another appliance was faster. Waits for the
   * writes of the former owner that are under way, so what is loaded afterwards is complete.
   */
  take(network: string, seen: OwnershipRecord | null): Promise<OwnershipRecord | null>
  /**
   * Raises the beat if the token is still that of the row; null if it is not: the network is lost.
   * `clear` ends the unclean time.
   */
  beat(network: string, token: string, clear: boolean): Promise<OwnershipLook | null>
  /** Gives the network up, for `to` if it is not null. False if it was lost before. */
  release(network: string, token: string, to: string | null): Promise<boolean>
  /** Asks the owner to hand the network to `to`. False if there is no row. */
  want(network: string, to: string): Promise<boolean>
}
