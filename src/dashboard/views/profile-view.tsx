import { useState } from 'preact/hooks'
import { problemOf, Refusal } from '../data/page-api.ts'
import type { PageState } from '../data/page-state.ts'
import type { PageStore } from '../data/page-store.ts'
import {
  draftOfProfile,
  EMPTY_PROFILE,
  type ProfileDraft,
  profileBodyOf,
} from '../data/profile-draft.ts'
import { hrefOf } from '../data/route.ts'
import type { Profile } from '../data/types.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ProfileForm } from '../parts/profile-form.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { storedProblem } from '../words/stored-problem.ts'

type Props = { readonly store: PageStore; readonly state: PageState }

/** Creates a profile, and goes back to the list. */
export function NewProfileView({ store, state }: Props) {
  return (
    <>
      <h1>New profile</h1>
      <ProfileForm
        before={EMPTY_PROFILE}
        isNew
        firmware={state.firmware ?? []}
        onSave={(draft) => put(store, draft, null)}
      />
    </>
  )
}

/** Changes or deletes a profile. */
export function ProfileView({ store, state, name }: Props & { readonly name: string }) {
  const profile = state.profiles?.find((one) => one.name === name)
  return (
    <>
      <div class="title">
        <h1>Profile {name}</h1>
        <a class="button" href={hrefOf({ kind: 'profiles' })}>
          All profiles
        </a>
      </div>
      {state.profiles === null ? <p>Loading the profile.</p> : null}
      {state.profiles !== null && profile === undefined ? (
        <p class="note bad">There is no profile with this name.</p>
      ) : null}
      {profile === undefined ? null : <Edit store={store} state={state} profile={profile} />}
    </>
  )
}

function Edit({ store, state, profile }: Props & { readonly profile: Profile }) {
  // What the edit began from; the list goes on being read while the operator types.
  const [base] = useState(profile)
  const { problem, attempt } = useAttempt()
  const remove = () =>
    attempt(async () => {
      await store.api.remove(pathOf(base.name), tagOf(base))
      leave(store)
    })
  const users = (state.phones ?? []).filter((phone) => phone.profile === base.name).length
  return (
    <>
      <p>{users === 1 ? '1 phone has' : `${users} phones have`} this profile.</p>
      <ProfileForm
        before={draftOfProfile(base)}
        isNew={false}
        firmware={state.firmware ?? []}
        onSave={(draft) => put(store, draft, base)}
      />
      <p class="actions">
        <ConfirmButton
          text="Delete…"
          title={`Delete profile ${base.name}?`}
          yes="Delete it"
          no="Keep it"
          onYes={() => void remove()}
        >
          <p>A profile that a phone has, or that a network enrols with, is not deleted.</p>
        </ConfirmButton>
      </p>
      <ProblemNote problem={problem} />
    </>
  )
}

async function put(store: PageStore, draft: ProfileDraft, base: Profile | null): Promise<void> {
  const headers: Readonly<Record<string, string>> =
    base === null ? { 'if-none-match': '*' } : tagOf(base)
  try {
    await store.api.put<Profile>(pathOf(draft.name.trim()), profileBodyOf(draft), headers)
  } catch (error) {
    throw new Refusal(storedProblem(problemOf(error), 'A profile of this name', base === null))
  }
  leave(store)
}

function tagOf({ revision }: Profile): { readonly 'if-match': string } {
  return { 'if-match': `"${revision}"` }
}

function leave(store: PageStore): void {
  store.markStale('profiles')
  location.hash = hrefOf({ kind: 'profiles' })
}

function pathOf(name: string): string {
  return `/v1/profiles/${encodeURIComponent(name)}`
}
