import type { PageState } from '../data/page-state.ts'
import { hrefOf } from '../data/route.ts'
import type { Profile } from '../data/types.ts'
import { DataTable } from '../parts/data-table.tsx'

const COLUMNS = [
  'Profile',
  'Protocol',
  'Load',
  'Settings',
  { text: 'Phones', class: 'number' },
] as const

/** The profiles, and how many phones have each. */
export function ProfilesView({ state }: { readonly state: PageState }) {
  const { profiles, phones } = state
  return (
    <>
      <div class="title">
        <h1>Profiles</h1>
        <a class="button main" href={hrefOf({ kind: 'new-profile' })}>
          New profile
        </a>
      </div>
      <p>
        A profile holds what phones share: the load that they should run, and the settings of that
        load. A phone's own settings come before those of its profile.
      </p>
      {profiles === null ? <p>Loading the profiles.</p> : null}
      {profiles?.length === 0 ? <p>No profiles.</p> : null}
      {profiles === null || profiles.length === 0 ? null : (
        <ProfileTable profiles={profiles} phones={phones ?? []} />
      )}
    </>
  )
}

function ProfileTable(props: {
  readonly profiles: readonly Profile[]
  readonly phones: NonNullable<PageState['phones']>
}) {
  const { profiles, phones } = props
  return (
    <DataTable class="rows" label="Profiles" columns={COLUMNS}>
      {profiles.map((profile) => (
        <tr key={profile.name}>
          <th scope="row">
            <a href={hrefOf({ kind: 'profile', name: profile.name })}>{profile.name}</a>
          </th>
          <td>{profile.protocol.toUpperCase()}</td>
          <td>
            <code>{profile.load}</code>
          </td>
          <td>{settingsOf(profile)}</td>
          <td class="number">{phones.filter((phone) => phone.profile === profile.name).length}</td>
        </tr>
      ))}
    </DataTable>
  )
}

function settingsOf({ protocol, sip, secretSettings, sccp }: Profile): string {
  if (protocol === 'sccp') return sccp.callManagers.join(', ')
  const shown = Object.entries(sip).map(([name, value]) => `${name} ${value}`)
  return [...shown, ...secretSettings].join(', ')
}
