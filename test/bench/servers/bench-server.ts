/** Where a server runs. */
export type Place = {
  /** An empty folder of its own. */
  readonly dir: string
  /** What it serves over TFTP. */
  readonly filesDir: string
  /** Leases that it holds when it starts, those of the clients 1 to this number. */
  readonly leases: number
  /** Enrolled phones that it has; those of the clients 1 to this number. Ours alone. */
  readonly phones: number
}

/** How to start it: a command that stays in the foreground. */
export type Launch = {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A server as it is found on this machine. */
export type BenchServer = {
  readonly name: string
  /** With the settings that a reader of the figures wants to know. */
  readonly version: string
  /** Writes its configuration and its leases into the folder. */
  readonly prepare: (place: Place) => Promise<Launch> | Launch
}

/** A server, or why it cannot take part, in words. */
export type FoundServer =
  | { readonly kind: 'found'; readonly server: BenchServer }
  | { readonly kind: 'missing'; readonly why: string }
