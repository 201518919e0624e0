import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import type { PageState } from './data/page-state.ts'
import type { PageStore } from './data/page-store.ts'
import { hrefOf, parseRoute, type Route } from './data/route.ts'
import { useKeptFocus } from './parts/use-kept-focus.ts'
import { EditPhoneView } from './views/edit-phone-view.tsx'
import { EnrolView } from './views/enrol-view.tsx'
import { FirmwareView } from './views/firmware-view.tsx'
import { ImportView } from './views/import-view.tsx'
import { NetworksView } from './views/networks-view.tsx'
import { NewRolloutView } from './views/new-rollout-view.tsx'
import { PhoneView } from './views/phone-view.tsx'
import { PhonesView } from './views/phones-view.tsx'
import { RolloutView } from './views/rollout-view.tsx'
import { RolloutsView } from './views/rollouts-view.tsx'
import { SurveyView } from './views/survey-view.tsx'
import { SurveysView } from './views/surveys-view.tsx'
import { TokenView } from './views/token-view.tsx'
import { announcementOf } from './words/announcement.ts'

/** The whole page. */
export function App({ store }: { readonly store: PageStore }) {
  const state = useStore(store)
  const route = useRoute(store)
  const announcement = useAnnouncement(store, state)
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  useKeptFocus(main)
  // Whoever went elsewhere reads from its top.
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
            <NavLink route={{ kind: 'phones' }} current={route} text="Phones" />
            <NavLink route={{ kind: 'enrol' }} current={route} text="Enrol a phone" />
            <NavLink route={{ kind: 'rollouts' }} current={route} text="Roll-outs" />
            <NavLink route={{ kind: 'surveys' }} current={route} text="Survey" />
            <NavLink route={{ kind: 'networks' }} current={route} text="Networks" />
            <NavLink route={{ kind: 'firmware' }} current={route} text="Firmware" />
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
      <p class="unseen" role="status" aria-live="polite">
        {announcement}
      </p>
    </>
  )
}

type ShownProps = { readonly store: PageStore; readonly state: PageState; readonly route: Route }

function Shown({ store, state, route }: ShownProps) {
  switch (route.kind) {
    case 'phones':
      return <PhonesView store={store} state={state} />
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
  enrol: 'enrol',
  import: 'phones',
  rollouts: 'rollouts',
  rollout: 'rollouts',
  'new-rollout': 'rollouts',
  surveys: 'surveys',
  survey: 'surveys',
  networks: 'networks',
  firmware: 'firmware',
} as const satisfies Record<Route['kind'], Route['kind']>

/** What stands below may be old; it is not taken away, because it is what there is. */
function AwayBanner({ state: { fault, tokenWanted } }: { readonly state: PageState }) {
  if (fault === null || tokenWanted !== null) return null
  return (
    <p class="banner" role="alert">
      {fault} Data may be out of date. Retrying every few seconds.
    </p>
  )
}

/** Phones are not served while the rest of the page looks as ever. */
function ProblemBanner({ state: { problems, fault, tokenWanted } }: { readonly state: PageState }) {
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

function useStore(store: PageStore): PageState {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => store.subscribe(() => redraw(undefined)), [store])
  return store.state
}

function useRoute(store: PageStore): Route {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const onChange = () => setHash(location.hash)
    addEventListener('hashchange', onChange)
    return () => removeEventListener('hashchange', onChange)
  }, [])
  useEffect(() => store.show(parseRoute(hash)), [store, hash])
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
