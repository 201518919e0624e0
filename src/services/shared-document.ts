/** What is shared document by document: each kind has one table, here and in the source. */
export type DocumentKind = 'conversion' | 'rollout' | 'seen' | 'registration'

/** Which version of a document an appliance has. */
export type DocumentHead = {
  readonly kind: DocumentKind
  readonly key: string
  /**
   * Rises with each change in the source, and stands for one content, after a failover too (see
   * `versionOn`); 0 where it is not there yet.
   */
  readonly version: number
}

/** A document as it stands. */
export type SharedDocument = DocumentHead & {
  /** The appliance that goes on with it. */
  readonly driver: string
  /** JSON; null: it is deleted. */
  readonly document: string | null
}

/** A document without what is known of it elsewhere. */
export type PlainDocument = {
  readonly kind: DocumentKind
  readonly key: string
  /** JSON. */
  readonly document: string
}

/** Where appliances share documents. */
export interface DocumentSource {
  heads(): Promise<readonly DocumentHead[]>
  read(wanted: readonly DocumentHead[]): Promise<readonly SharedDocument[]>
  /**
   * Stores each document whose `version` is still the one in the source, as the next version, and
   * tells the others.
   *
   * @returns Those that were stored, with their new versions; another appliance has changed the others.
   */
  write(documents: readonly SharedDocument[]): Promise<readonly DocumentHead[]>
}

/** What a machine knows of a document that it keeps. */
export type DocumentMark = DocumentHead & {
  readonly driver: string
  /** Changed here, and not in the source yet. */
  readonly isUnsent: boolean
}

/** The documents on this machine's disk. */
export interface DocumentCopy {
  marks(): Promise<readonly DocumentMark[]>
  /** The documents themselves, as JSON. */
  read(wanted: readonly DocumentHead[]): Promise<readonly (string | null)[]>
  /** Stores documents with their marks, all or none. */
  save(documents: readonly (SharedDocument & DocumentMark)[]): Promise<void>
  /** Stores marks alone. */
  mark(marks: readonly DocumentMark[]): Promise<void>
}
