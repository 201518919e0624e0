/** One file of a firmware set. */
export type FirmwareFile = {
  readonly name: string
  readonly bytes: number
  /** Lower-case hex; the key of its bytes in the file cache and in the store. */
  readonly sha256: string
}

/** A stored firmware set: complete and checked when it was imported. */
export type StoredFirmware = {
  readonly load: string
  readonly protocol: 'sip' | 'sccp'
  /** The universal application loader's name, without extension; null for a set without one. */
  readonly loader: string | null
  readonly files: readonly FirmwareFile[]
  readonly addedAtMs: number
}

/** A file that phones may fetch and that converts nothing: ring tones, logos, dial plans. */
export type SharedFile = {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly addedAtMs: number
}
