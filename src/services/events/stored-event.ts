/** An event as it is kept, here or with other appliances; secrets have been taken out before. */
export type StoredEvent = {
  /** As its appliance has numbered it. Ids rise with time; some may be missing. */
  readonly id: number
  readonly atMs: number
  /** Stable dotted name, `dhcp.offer.sent`. */
  readonly event: string
  /** Text until it is read again. */
  readonly mac: string | null
  readonly network: string | null
  /** Anything that JSON can hold. */
  readonly fields: Readonly<Record<string, unknown>>
}
