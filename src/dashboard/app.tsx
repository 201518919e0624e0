import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import type { PageState } from './data/page-state.ts'
import type { PageStore } from './data/page-store.ts'
import { hrefOf, parseRoute, type Route } from './data/route.ts'
import { AttentionNote } from './parts/attention-note.tsx'
import { useKeptFocus } from './parts/use-kept-focus.ts'
import { ApplianceView } from './views/appliance-view.tsx'
import { DevicesView } from './views/devices-view.tsx'
import { EditPhoneView } from './views/edit-phone-view.tsx'
import { EnrolView } from './views/enrol-view.tsx'
import { EventsView } from './views/events-view.tsx'
import { FilesView } from './views/files-view.tsx'
import { FirmwareView } from './views/firmware-view.tsx'
import { ImportView } from './views/import-view.tsx'
import { LeasesView } from './views/leases-view.tsx'
import { NetworksView } from './views/networks-view.tsx'
import { NewRolloutView } from './views/new-rollout-view.tsx'
import { PhoneReportView } from './views/phone-report-view.tsx'
import { PhoneView } from './views/phone-view.tsx'
import { PhonesView } from './views/phones-view.tsx'
import { NewProfileView, ProfileView } from './views/profile-view.tsx'
import { ProfilesView } from './views/profiles-view.tsx'
import { RolloutReportView } from './views/rollout-report-view.tsx'
import { RolloutView } from './views/rollout-view.tsx'
import { RolloutsView } from './views/rollouts-view.tsx'
import { SurveyView } from './views/survey-view.tsx'
import { SurveysView } from './views/surveys-view.tsx'
import { TokenView } from './views/token-view.tsx'
import { TokensView } from './views/tokens-view.tsx'
import { WebhookView } from './views/webhook-view.tsx'
import { WebhooksView } from './views/webhooks-view.tsx'
import { announcementOf } from './words/announcement.ts'
import { timeZoneWords } from './words/format.ts'

/** The whole page. */
export function App({ store }: { readonly store: PageStore }) {
  const state = useStore(store)
  const route = useRoute(store)
  const announcement = useAnnouncement(store, state)
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  useKeptFocus(main)
  // A new view is read from its top.
  useEffect(() => {
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true })
      scrollTo(0, 0)
    }
    isFirst.current = false
  }, [hrefOf(route)])
  return (
    <>
      <header class="top">
        <p class="brand">Switchhook</p>
        <nav aria-label="Parts of the page">
          <ul>
            {PARTS.map(([part, text]) => (
              <NavLink key={part.kind} route={part} current={route} text={text} />
            ))}
          </ul>
        </nav>
        <ConnectionMark state={state} />
      </header>
      <AwayBanner state={state} />
      <ProblemBanner state={state} />
      <main ref={main} tabIndex={-1}>
        {state.tokenWanted === null ? (
          <Shown store={store} state={state} route={route} />
        ) : (
          <TokenView why={state.tokenWanted} onToken={(token) => store.giveToken(token)} />
        )}
      </main>
      <Footer state={state} />
      <p class="unseen" role="status" aria-live="polite">
        {announcement}
      </p>
    </>
  )
}

type ShownProps = { readonly store: PageStore; readonly state: PageState; readonly route: Route }

/** The parts of the page, in the order of their links. */
const PARTS = [
  [{ kind: 'phones' }, 'Phones'],
  [{ kind: 'enrol' }, 'Enrol a phone'],
  [{ kind: 'devices' }, 'Unknown devices'],
  [{ kind: 'rollouts' }, 'Roll-outs'],
  [{ kind: 'surveys' }, 'Survey'],
  [{ kind: 'profiles' }, 'Profiles'],
  [{ kind: 'firmware' }, 'Firmware'],
  [{ kind: 'files' }, 'Shared files'],
  [{ kind: 'networks' }, 'Networks'],
  [{ kind: 'leases', network: null }, 'Leases'],
  [{ kind: 'events', about: null }, 'Events'],
  [{ kind: 'tokens' }, 'Tokens'],
  [{ kind: 'webhooks' }, 'Webhooks'],
  [{ kind: 'appliance' }, 'Appliance'],
] as const satisfies readonly (readonly [Route, string])[]

function Shown({ store, state, route }: ShownProps) {
  switch (route.kind) {
    case 'phones':
      return (
        <>
          <AttentionNote attention={state.status?.attention ?? []} />
          <PhonesView store={store} state={state} />
        </>
      )
    case 'import':
      return <ImportView store={store} />
    case 'phone':
      return <PhoneView key={route.mac} store={store} state={state} mac={route.mac} />
    case 'edit-phone':
      return <EditPhoneView key={route.mac} store={store} state={state} mac={route.mac} />
    case 'rollouts':
      return <RolloutsView rollouts={state.rollouts} />
    case 'rollout':
      return <RolloutView key={route.id} store={store} state={state} id={route.id} />
    case 'new-rollout':
      return <NewRolloutView store={store} state={state} />
    case 'surveys':
      return <SurveysView store={store} networks={state.networks} />
    case 'survey':
      return <SurveyView key={route.id} store={store} id={route.id} />
    case 'enrol':
      return <EnrolView store={store} state={state} />
    case 'networks':
      return <NetworksView networks={state.networks} poolUse={state.poolUse} />
    case 'phone-report':
      return <PhoneReportView key={route.mac} api={store.api} mac={route.mac} />
    case 'rollout-report':
      return <RolloutReportView key={route.id} api={store.api} id={route.id} />
    case 'devices':
      return (
        <>
          <AttentionNote attention={state.status?.attention ?? []} />
          <DevicesView store={store} devices={state.unknownDevices} />
        </>
      )
    case 'profiles':
      return <ProfilesView state={state} />
    case 'profile':
      return <ProfileView key={route.name} store={store} state={state} name={route.name} />
    case 'new-profile':
      return <NewProfileView store={store} state={state} />
    case 'leases':
      return <LeasesView store={store} state={state} network={route.network} />
    case 'events':
      return <EventsView store={store} networks={state.networks} about={route.about ?? ''} />
    case 'files':
      return <FilesView store={store} files={state.files} />
    case 'tokens':
      return <TokensView store={store} tokens={state.tokens} />
    case 'webhooks':
      return <WebhooksView store={store} webhooks={state.webhooks} />
    case 'webhook':
      return <WebhookView key={route.id} store={store} webhooks={state.webhooks} id={route.id} />
    case 'appliance':
      return <ApplianceView store={store} status={state.status} />
    case 'firmware':
      return <FirmwareView store={store} firmware={state.firmware} />
    default:
      return route satisfies never
  }
}

function NavLink({ route, current, text }: { route: Route; current: Route; text: string }) {
  const isCurrent = route.kind === PART_OF[current.kind]
  return (
    <li>
      <a href={hrefOf(route)} aria-current={isCurrent ? 'page' : undefined}>
        {text}
      </a>
    </li>
  )
}

/** Which part of the page a route belongs to. */
const PART_OF = {
  phones: 'phones',
  phone: 'phones',
  'edit-phone': 'phones',
  'phone-report': 'phones',
  enrol: 'enrol',
  import: 'phones',
  rollouts: 'rollouts',
  rollout: 'rollouts',
  'rollout-report': 'rollouts',
  'new-rollout': 'rollouts',
  surveys: 'surveys',
  survey: 'surveys',
  devices: 'devices',
  profiles: 'profiles',
  profile: 'profiles',
  'new-profile': 'profiles',
  networks: 'networks',
  leases: 'leases',
  firmware: 'firmware',
  files: 'files',
  events: 'events',
  tokens: 'tokens',
  webhooks: 'webhooks',
  webhook: 'webhooks',
  appliance: 'appliance',
} as const satisfies Record<Route['kind'], Route['kind']>

/** The data below may be out of date; it stays, because there is nothing newer. */
function AwayBanner({ state: { fault, tokenWanted } }: { readonly state: PageState }) {
  if (fault === null || tokenWanted !== null) return null
  return (
    <p class="banner" role="alert">
      {fault} Data may be out of date. Retrying every few seconds.
    </p>
  )
}

/** Phones are not served while the rest of the page looks as ever. */
function ProblemBanner({ state: { status, fault, tokenWanted } }: { readonly state: PageState }) {
  const problems = status?.problems ?? []
  if (problems.length === 0 || fault !== null || tokenWanted !== null) return null
  return (
    <div class="banner" role="alert">
      <p>Phones cannot be served:</p>
      <ul>
        {problems.map(({ name, where, message }) => (
          <li key={`${name} ${where}`}>{message}</li>
        ))}
      </ul>
    </div>
  )
}

const CONNECTION_WORDS = {
  connecting: 'connecting',
  live: 'live',
  polling: 'polling every 5 s',
} as const

function ConnectionMark({ state: { connection } }: { readonly state: PageState }) {
  return <p class={`connection ${connection}`}>{CONNECTION_WORDS[connection]}</p>
}

/** What is true of the whole page: whose it is, and which times it shows. */
function Footer({ state: { status } }: { readonly state: PageState }) {
  return (
    <footer class="foot">
      <p>
        Switchhook {status?.version} · times in {timeZoneWords()} · <a href="/docs">API</a>
      </p>
    </footer>
  )
}

function useStore(store: PageStore): PageState {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => store.subscribe(() => redraw(undefined)), [store])
  return store.state
}

function useRoute(store: PageStore): Route {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const onChange = () => {
      store.show(parseRoute(location.hash))
      setHash(location.hash)
    }
    addEventListener('hashchange', onChange)
    return () => removeEventListener('hashchange', onChange)
  }, [store])
  return parseRoute(hash)
}

/** Stays until there is something else to say: a text that goes away would be read as nothing. */
function useAnnouncement(store: PageStore, state: PageState): string {
  const [words, setWords] = useState('')
  const before = useRef(state)
  useEffect(() => {
    const said = announcementOf(before.current, state, store.openMac, store.openRolloutId !== null)
    before.current = state
    if (said !== null) setWords(said)
  }, [store, state])
  return words
}
