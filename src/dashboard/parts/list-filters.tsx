import type { PageState } from '../data/page-state.ts'
import type { PhoneQuery } from '../data/phone-query.ts'
import { Choice } from './choice.tsx'

/** Further filters of the list of phones: closed unless one of them is set. */
export function ListFilters(props: {
  readonly query: PhoneQuery
  readonly state: Pick<PageState, 'networks' | 'profiles' | 'firmware'>
  readonly onQuery: (query: PhoneQuery) => void
}) {
  const { query, state, onQuery } = props
  const { network, profile, load, registered } = query
  const set = (part: Partial<PhoneQuery>) => onQuery({ ...query, ...part, page: 0 })
  const isSet = [network, profile, load, registered].some((value) => value !== '')
  return (
    <details class="filters" open={isSet}>
      <summary>More filters</summary>
      <div class="fields">
        <Choice
          label="Network"
          value={network}
          options={anyOr(
            network,
            (state.networks ?? []).map(({ name }) => name),
          )}
          onChange={(value) => set({ network: value })}
        />
        <Choice
          label="Profile"
          value={profile}
          options={anyOr(
            profile,
            (state.profiles ?? []).map(({ name }) => name),
          )}
          onChange={(value) => set({ profile: value })}
        />
        <Choice
          label="Seen to run"
          value={load}
          options={anyOr(
            load,
            (state.firmware ?? []).map((one) => one.load),
          )}
          onChange={(value) => set({ load: value })}
        />
        <Choice
          label="Registered here"
          value={registered}
          options={[
            ['', 'any'],
            ['true', 'yes'],
            ['false', 'no'],
          ]}
          onChange={(value) => set({ registered: value as PhoneQuery['registered'] })}
        />
      </div>
    </details>
  )
}

/** The value that is set stays a choice, also where its entry is gone. */
function anyOr(value: string, names: readonly string[]): readonly (readonly [string, string])[] {
  const all = value === '' || names.includes(value) ? names : [value, ...names]
  return [['', 'any'], ...all.map((name) => [name, name] as const)]
}
