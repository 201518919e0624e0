import {
  type ChangeQueue,
  findConflict,
  findRoomProblems,
  findUnchanged,
  sortedEntries,
  storedOver,
} from './change-queue.ts'
import type { DeleteOutcome, PutOutcome } from './inventory-outcome.ts'
import type { Phone, Profile } from './phone.ts'
import { findProfileProblems, type ProfileDraft, profileFromDraft } from './profile-rules.ts'

/** The profiles of the inventory, by name. */
export class ProfileRepository {
  readonly #queue: ChangeQueue
  readonly #phones: () => readonly Phone[]
  readonly #byName = new Map<string, Profile>()

  /** @param phones - All phones: a profile that one of them has stays. */
  constructor(queue: ChangeQueue, phones: () => readonly Phone[]) {
    this.#queue = queue
    this.#phones = phones
  }

  all(): readonly Profile[] {
    return sortedEntries(this.#byName)
  }

  get(name: string): Profile | undefined {
    return this.#byName.get(name)
  }

  /** Takes over an entry that is stored already. */
  restore(profile: Profile): void {
    this.#byName.set(profile.name, profile)
  }

  put(draft: ProfileDraft, expectedRevision?: number): Promise<PutOutcome<Profile>> {
    return this.#queue.inTurn(async () => {
      const current = this.#byName.get(draft.name)
      return findConflict(current, expectedRevision) ?? this.#store(draft, current)
    })
  }

  delete(name: string, expectedRevision?: number): Promise<DeleteOutcome> {
    return this.#queue.inTurn(async () => {
      const profile = this.#byName.get(name)
      if (profile === undefined) return { kind: 'not-found' }
      const conflict = findConflict(profile, expectedRevision)
      if (conflict !== undefined) return conflict
      const users = this.#phones().filter((phone) => phone.profile === name)
      if (users.length > 0) return { kind: 'in-use', by: users.map(({ mac }) => `phone ${mac}`) }
      await this.#queue.commit({ kind: 'delete-profile', name })
      this.applyDeleted(name)
      return { kind: 'deleted' }
    })
  }

  /** Shows and announces an entry that is stored. */
  apply(profile: Profile): undefined {
    const before = this.#byName.get(profile.name) ?? null
    this.restore(profile)
    this.#queue.announce({ kind: 'profile-stored', profile, before })
  }

  /** Forgets an entry that is stored no more, and announces it. */
  applyDeleted(name: string): undefined {
    const profile = this.#byName.get(name)
    if (profile === undefined) return
    this.#byName.delete(name)
    this.#queue.announce({ kind: 'profile-deleted', profile })
  }

  async #store(draft: ProfileDraft, current: Profile | undefined): Promise<PutOutcome<Profile>> {
    const profile = profileFromDraft(draft, current)
    const unchanged = findUnchanged(profile, current)
    if (unchanged !== undefined) return unchanged
    const problems = [...findRoomProblems(this.#byName, current), ...findProfileProblems(profile)]
    if (problems.length > 0) return { kind: 'refused', problems }
    await this.#queue.commit({ kind: 'put-profile', profile })
    this.apply(profile)
    return storedOver(profile, current)
  }
}
