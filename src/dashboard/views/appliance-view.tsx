import { useState } from 'preact/hooks'
import type { PageStore } from '../data/page-store.ts'
import type { ApplianceStatus, Reload } from '../data/types.ts'
import { Facts } from '../parts/facts.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAttempt } from '../parts/use-attempt.ts'
import { describeReload } from '../words/reload-words.ts'

type Props = { readonly store: PageStore; readonly status: ApplianceStatus | null }

/** What this appliance is, and what can be done with it as a whole. */
export function ApplianceView({ store, status }: Props) {
  return (
    <>
      <h1>Appliance</h1>
      {status === null ? <p>Loading the status.</p> : <StatusFacts status={status} />}
      <ReloadPart store={store} />
      <section aria-labelledby="backup-title">
        <h2 id="backup-title">Backup</h2>
        <p>
          A backup holds phones, profiles, firmware, leases, conversions and events, and the
          passwords of lines. Passwords never leave over this page or the API, so it is made on the
          machine itself, while the appliance runs:
        </p>
        <pre class="command">switchhook backup /var/backups/switchhook.db --config FILE</pre>
        <p class="hint">
          The configuration file and the API token are not part of it. The operator’s guide says how
          to restore it.
        </p>
      </section>
      <section aria-labelledby="api-title">
        <h2 id="api-title">API</h2>
        <p>
          Everything on this page can be done by scripts: <a href="/docs">API documentation</a>,{' '}
          <a href="/openapi.json">OpenAPI description</a>.
        </p>
      </section>
    </>
  )
}

function StatusFacts({ status }: { readonly status: ApplianceStatus }) {
  const { version, problems, rehearsal, phoneSpeed, conversions } = status
  const counts = Object.entries(conversions).map(([state, count]) => `${count} ${state}`)
  const facts = [
    ['Version', version],
    ['Ready', problems.length === 0 ? 'yes: phones can be served' : 'no: see above'],
    ['Conversions', counts.length === 0 ? 'none yet' : counts.join(', ')],
    ['Phones are', rehearsal ? 'simulated: this is a rehearsal' : null],
    ['Speed of phones', phoneSpeed === 1 ? null : `${phoneSpeed} times that of real ones`],
  ] as const
  return <Facts facts={facts} />
}

function ReloadPart({ store }: { readonly store: PageStore }) {
  const [said, setSaid] = useState<readonly string[]>([])
  const { problem, attempt } = useAttempt()
  const reload = () =>
    attempt(async () => {
      setSaid([])
      setSaid(describeReload(await store.api.post<Reload>('/v1/reload')))
      store.markStale('networks', 'status')
    })
  return (
    <section aria-labelledby="reload-title">
      <h2 id="reload-title">Configuration</h2>
      <p>
        The configuration is a file on the appliance. After you have changed it, load it here: if it
        has a problem, the present configuration stays in force.
      </p>
      <p class="actions">
        <button type="button" onClick={() => void reload()}>
          Reload the configuration
        </button>
      </p>
      <div role="status">
        {said.map((words) => (
          <p key={words}>{words}</p>
        ))}
      </div>
      <ProblemNote problem={problem} />
    </section>
  )
}
