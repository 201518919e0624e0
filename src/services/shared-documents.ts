import type {
  DocumentCopy,
  DocumentHead,
  DocumentKind,
  DocumentMark,
  DocumentSource,
  SharedDocument,
} from './shared-document.ts'
import { counterOf } from './shared-version.ts'

/** What shared documents are made of. */
export type SharedDocumentsParts = {
  readonly source: DocumentSource
  readonly copy: DocumentCopy
  /** This appliance, as others know it. */
  readonly appliance: string
  readonly onFault: (error: unknown) => void
}

/** Documents that are sent in one statement. */
const BATCH = 500

/** How often an appliance that takes a document over writes it again over what came between. */
const MAX_TRIES = 3

/**
 * Documents that several appliances share: conversions, roll-outs, what phones run, registrations.
 *
 * Each is stored on this machine first and then in the source, so that a conversion goes on
 * while the source is away. One appliance drives a document, the one that changed it last; the others
 * show it. Where two change one at once, the one that drives it gives way to the one that takes it:
 * a phone has appeared there, or an operator has decided there.
 */
export class SharedDocuments {
  readonly #parts: SharedDocumentsParts
  readonly #marks = new Map<string, DocumentMark>()
  /** Documents that this appliance has taken from another and not sent yet. */
  readonly #taking = new Set<string>()
  readonly #listeners = new Map<DocumentKind, (documents: readonly SharedDocument[]) => void>()
  #last: Promise<unknown> = Promise.resolve()
  #fault: unknown = null
  /** Announcements before that would be stored and never shown. */
  #isFollowed = false

  constructor(parts: SharedDocumentsParts) {
    this.#parts = parts
  }

  /** Brings this machine's copy up to date, if the source can be reached; to be called before it is read. */
  async load(): Promise<void> {
    for (const mark of await this.#parts.copy.marks()) this.#marks.set(idOf(mark), mark)
    await this.#catchUp()
  }

  /** The copy has been read, and all listeners follow. */
  start(): Promise<void> {
    this.#isFollowed = true
    return this.#catchUp()
  }

  /** Calls the listener with documents of a kind that others have changed; they are stored here. */
  follow(kind: DocumentKind, listener: (documents: readonly SharedDocument[]) => void): void {
    this.#listeners.set(kind, listener)
  }

  /** Whether this appliance goes on with a document; one that does not exist yet is ours to begin. */
  drives(kind: DocumentKind, key: string): boolean {
    const mark = this.#marks.get(`${kind} ${key}`)
    return mark === undefined || mark.driver === this.#parts.appliance
  }

  /** The appliance that goes on with a document; null where nobody has one. */
  driverOf(kind: DocumentKind, key: string): string | null {
    return this.#marks.get(`${kind} ${key}`)?.driver ?? null
  }

  /**
   * Writes a document once more as it stands here, to go on with it from now on.
   *
   * @param from - The appliance that goes on with it now, which may be this one.
   * @returns False where it is another one or somebody has changed the document, which is shown here
   *   then, or where the source is away.
   */
  async hold(kind: DocumentKind, key: string, from: string): Promise<boolean> {
    let isHeld = false
    await this.#inTurn(async () => {
      await this.#sendAll()
      const mark = this.#marks.get(`${kind} ${key}`)
      if (mark?.driver !== from) return
      isHeld = await this.#holdOne(mark)
    })
    return isHeld
  }

  async #holdOne(mark: DocumentMark): Promise<boolean> {
    const { source, copy, appliance: driver } = this.#parts
    const { kind, key, version } = mark
    const [document = null] = await copy.read([mark])
    if (document === null) return false
    const [stored] = await source.write([{ kind, key, version, driver, document }])
    if (stored === undefined) {
      await this.#adopt([mark])
      return false
    }
    // What was changed here meanwhile is still to be sent.
    const now = this.#marks.get(idOf(mark)) ?? mark
    const held = { ...now, driver, version: stored.version }
    this.#marks.set(idOf(mark), held)
    await copy.mark([held])
    return true
  }

  /** Stores changes made here: resolves when they are on this disk; the source follows. */
  async save(kind: DocumentKind, changes: ReadonlyMap<string, unknown>): Promise<void> {
    const documents = Array.from(changes, ([key, value]) => {
      const id = `${kind} ${key}`
      if (!this.drives(kind, key)) this.#taking.add(id)
      const version = this.#marks.get(id)?.version ?? 0
      const document = value === null ? null : JSON.stringify(value)
      return { kind, key, version, document, driver: this.#parts.appliance, isUnsent: true }
    })
    for (const mark of documents) this.#marks.set(idOf(mark), markOf(mark))
    await this.#parts.copy.save(documents)
    void this.#send()
  }

  /** Resolves when all that was changed here so far is in the source; rejects where it is not. */
  async sent(): Promise<void> {
    await this.#send()
    if (this.#fault !== null) throw this.#fault
  }

  /** Why the source did not take or give what it was asked for last, in words; null where it did. */
  get fault(): string | null {
    if (this.#fault === null) return null
    return this.#fault instanceof Error ? this.#fault.message : String(this.#fault)
  }

  /**
   * Sends what the source has not got yet, and reads again after something could not be read; to be
   * called when it may be back.
   */
  retry(): void {
    if (!this.#isFollowed) return
    if (this.#fault !== null) void this.#catchUp()
    else if (this.#unsent().length > 0) void this.#send()
  }

  /** An appliance has changed this document. */
  onAnnounced(announced: Pick<DocumentHead, 'kind' | 'key'>): void {
    if (!this.#isFollowed) return
    void this.#inTurn(() => this.#adopt([{ ...announced, version: 0 }]))
  }

  /** The source is back: reads all that others have changed, and sends what was changed here. */
  onBack(): void {
    if (this.#isFollowed) void this.#catchUp()
  }

  #catchUp(): Promise<void> {
    return this.#inTurn(async () => {
      const heads = await this.#parts.source.heads()
      const newer = heads.filter((head) => head.version > this.#versionOf(head))
      const setBack = this.#setBack(heads)
      // After a failover the source may lack what no standby had confirmed: the driver sends it again.
      const ours = setBack.filter(({ driver }) => driver === this.#parts.appliance)
      for (const mark of ours) this.#marks.set(idOf(mark), { ...mark, isUnsent: true })
      await this.#adopt(newer)
      await this.#adopt(
        setBack.filter((mark) => !ours.includes(mark)),
        true,
      )
      await this.#sendAll()
    })
  }

  /** Documents of which the source has an older version than it had, or none, with that version. */
  #setBack(heads: readonly DocumentHead[]): readonly DocumentMark[] {
    const versions = new Map(heads.map((head) => [idOf(head), head.version]))
    return [...this.#marks.values()].flatMap((mark) => {
      const version = versions.get(idOf(mark)) ?? 0
      return mark.isUnsent || version >= mark.version ? [] : [{ ...mark, version }]
    })
  }

  /** Resolves when nothing is on its way. */
  async close(): Promise<void> {
    await this.#last
  }

  #send(): Promise<void> {
    return this.#inTurn(() => this.#sendAll())
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work).then(
      () => {
        this.#fault = null
      },
      (error: unknown) => {
        this.#fault = error
        this.#parts.onFault(error)
      },
    )
    this.#last = turn
    return turn
  }

  async #sendAll(): Promise<void> {
    for (let tries = 0; ; ) {
      const unsent = this.#unsent().slice(0, BATCH)
      if (unsent.length === 0) return
      const behind = await this.#sendOnce(unsent)
      // Each batch may have been changed in between: what one has cost is not counted for the next.
      tries = behind.length === 0 ? 0 : tries + 1
      if (behind.length === 0) continue
      const read = await this.#parts.source.read(behind)
      const found = new Map(read.map((one) => [idOf(one), one]))
      const again = tries <= MAX_TRIES ? behind.filter((mark) => this.#isOurs(mark, found)) : []
      this.#rebase(again, found)
      const ours = new Set(again.map(idOf))
      await this.#keep(
        read.filter((one) => !ours.has(idOf(one))),
        true,
      )
    }
  }

  /**
   * Whether what is to be sent goes before what stands in the source: this appliance is taking the
   * document over, or it wrote that itself, by a statement whose answer it did not get.
   */
  #isOurs(mark: DocumentMark, found: ReadonlyMap<string, SharedDocument>): boolean {
    if (this.#taking.has(idOf(mark))) return true
    const stands = found.get(idOf(mark))
    return (
      stands?.driver === this.#parts.appliance &&
      counterOf(stands.version) <= counterOf(mark.version) + 1
    )
  }

  /** Those that another appliance has changed in between. */
  async #sendOnce(marks: readonly DocumentMark[]): Promise<readonly DocumentMark[]> {
    const documents = await this.#parts.copy.read(marks)
    const stored = await this.#parts.source.write(
      marks.map(({ kind, key, version, driver }, index) => ({
        ...{ kind, key, version, driver },
        document: documents[index] ?? null,
      })),
    )
    const versions = new Map(stored.map((head) => [idOf(head), head.version]))
    const done: DocumentMark[] = []
    for (const mark of marks) {
      const version = versions.get(idOf(mark))
      if (version === undefined) continue
      this.#taking.delete(idOf(mark))
      // Changed again while it was on its way: the newer one is still to be sent.
      const isUnsent = this.#marks.get(idOf(mark)) !== mark
      done.push({ ...mark, version, isUnsent })
    }
    for (const mark of done) this.#marks.set(idOf(mark), mark)
    await this.#parts.copy.mark(done)
    return marks.filter((mark) => !versions.has(idOf(mark)))
  }

  /** These are written over the version that stands there now. */
  #rebase(marks: readonly DocumentMark[], found: ReadonlyMap<string, SharedDocument>): void {
    for (const mark of marks) {
      const version = found.get(idOf(mark))?.version ?? 0
      const now = this.#marks.get(idOf(mark)) ?? mark
      this.#marks.set(idOf(mark), { ...now, version })
    }
  }

  /** @param isLost - What was changed here gives way to what the source has. */
  async #adopt(wanted: readonly DocumentHead[], isLost = false): Promise<void> {
    for (let from = 0; from < wanted.length; from += BATCH) {
      await this.#keep(await this.#parts.source.read(wanted.slice(from, from + BATCH)), isLost)
    }
  }

  async #keep(read: readonly SharedDocument[], isLost: boolean): Promise<void> {
    const newer = read.filter((one) => {
      const mark = this.#marks.get(idOf(one))
      // Ours is still to be sent: the answer to that says which of the two stands.
      if (mark?.isUnsent === true) return isLost
      return isLost || one.version > this.#versionOf(one)
    })
    if (newer.length === 0) return
    await this.#parts.copy.save(newer.map((one) => ({ ...one, isUnsent: false })))
    for (const one of newer) {
      this.#taking.delete(idOf(one))
      this.#marks.set(idOf(one), { ...markOf(one), isUnsent: false })
    }
    for (const [kind, listener] of this.#listeners) {
      const ofKind = newer.filter((one) => one.kind === kind)
      if (ofKind.length > 0) listener(ofKind)
    }
  }

  #unsent(): readonly DocumentMark[] {
    return [...this.#marks.values()].filter(({ isUnsent }) => isUnsent)
  }

  #versionOf(head: DocumentHead): number {
    return this.#marks.get(idOf(head))?.version ?? 0
  }
}

function idOf({ kind, key }: Pick<DocumentHead, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}

function markOf({ kind, key, version, driver }: SharedDocument): DocumentMark {
  return { kind, key, version, driver, isUnsent: true }
}
