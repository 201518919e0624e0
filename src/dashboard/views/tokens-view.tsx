import { useState } from 'preact/hooks'
import type { PageStore } from '../data/page-store.ts'
import type { NewToken, Token } from '../data/types.ts'
import { Choice } from '../parts/choice.tsx'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ACTIONS, DataTable } from '../parts/data-table.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ShownOnce } from '../parts/shown-once.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { formatDay } from '../words/format.ts'

const COLUMNS = ['Name', 'May', 'Created', 'Last used', ACTIONS] as const

const ROLES = {
  read: 'read everything, change nothing',
  operator: 'change everything but tokens and webhooks',
} as const satisfies Record<Token['role'], string>

type Props = { readonly store: PageStore; readonly tokens: readonly Token[] | null }

/** Who else may use the API and this page, and how. */
export function TokensView({ store, tokens }: Props) {
  const [made, setMade] = useState<NewToken | null>(null)
  const { problem, attempt } = useAttempt()
  const create = (name: string, role: string) =>
    attempt(async () => {
      setMade(null)
      setMade(await store.api.post<NewToken>('/v1/tokens', { name: name.trim(), role }))
      store.markStale('tokens')
    })
  const remove = (name: string) =>
    attempt(async () => {
      await store.api.remove(`/v1/tokens/${encodeURIComponent(name)}`)
      if (made?.name === name) setMade(null)
      store.markStale('tokens')
    })
  return (
    <>
      <h1>Tokens</h1>
      <p>
        A named token opens the API and this page, within its role. The event of each change names
        it. Only the token of the configuration creates and deletes tokens.
      </p>
      {tokens === null ? <p>Loading the tokens.</p> : null}
      {tokens?.length === 0 ? <p>No named tokens.</p> : null}
      {tokens === null || tokens.length === 0 ? null : (
        <TokenTable tokens={tokens} onRemove={(name) => void remove(name)} />
      )}
      <div role="status">
        {made === null ? null : (
          <ShownOnce
            words={`Token ${made.name} is created. Store it now.`}
            secret={made.token}
            onHide={() => setMade(null)}
          />
        )}
      </div>
      <TokenForm onCreate={create} />
      <ProblemNote problem={problem} />
    </>
  )
}

function TokenForm(props: {
  /** Whether it was created. */
  readonly onCreate: (name: string, role: string) => Promise<boolean>
}) {
  const [name, setName] = useState('')
  const [role, setRole] = useState('read')
  const create = async () => {
    if (await props.onCreate(name, role)) setName('')
  }
  return (
    <form
      aria-labelledby="new-token-title"
      onSubmit={(event) => {
        event.preventDefault()
        void create()
      }}
    >
      <h2 id="new-token-title">New token</h2>
      <div class="fields">
        <TextField
          label="Name"
          hint="Letters, digits, dot, dash and underscore, such as grafana"
          required
          maxLength={64}
          value={name}
          onChange={setName}
        />
        <Choice label="It may" value={role} options={Object.entries(ROLES)} onChange={setRole} />
      </div>
      <p class="actions">
        <button type="submit" class="main">
          Create the token
        </button>
      </p>
    </form>
  )
}

function TokenTable(props: {
  readonly tokens: readonly Token[]
  readonly onRemove: (name: string) => void
}) {
  return (
    <DataTable label="Tokens" columns={COLUMNS}>
      {props.tokens.map(({ name, role, createdAt, lastUsedAt }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>{ROLES[role]}</td>
          <td>
            <time dateTime={createdAt}>{formatDay(createdAt)}</time>
          </td>
          <td>
            {lastUsedAt === null ? (
              <span class="quiet">not since the start</span>
            ) : (
              <time dateTime={lastUsedAt}>{formatDay(lastUsedAt)}</time>
            )}
          </td>
          <td>
            <ConfirmButton
              text="Delete"
              about={name}
              title={`Delete token ${name}?`}
              yes="Delete it"
              no="Keep it"
              onYes={() => props.onRemove(name)}
            >
              <p>It is refused at once, and the event streams that it opened end.</p>
            </ConfirmButton>
          </td>
        </tr>
      ))}
    </DataTable>
  )
}
