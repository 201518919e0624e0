import { findSettingProblems } from '../phones/config-files/setting-problems.ts'
import { parseFirmwareName } from '../phones/firmware-name.ts'
import { type EntryProblem, pointer } from './inventory-outcome.ts'
import type { Profile } from './phone.ts'

/** A profile as a request describes it. What is left out is not set. */
export type ProfileDraft = {
  readonly name: string
  readonly protocol: Profile['protocol']
  readonly load: string
  readonly sip?: Profile['sip']
  readonly sccp?: Profile['sccp']
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,126}[A-Za-z0-9])?$/
/** As many as a call manager group holds, with a fallback router and one to spare. */
const MOST_CALL_MANAGERS = 5
/** A profile may be for 7960s: all their line keys count. */
const MOST_LINES = 6

/** The profile that a draft makes, at the revision after `current`. */
export function profileFromDraft(draft: ProfileDraft, current: Profile | undefined): Profile {
  return {
    name: draft.name,
    protocol: draft.protocol,
    load: draft.load,
    sip: { ...draft.sip },
    sccp: { callManagers: [...(draft.sccp?.callManagers ?? [])] },
    revision: (current?.revision ?? 0) + 1,
  }
}

/** Everything that is wrong with a profile. Its firmware need not be available yet. */
export function findProfileProblems(profile: Profile): EntryProblem[] {
  return [
    ...nameProblems(profile.name),
    ...loadProblems(profile),
    ...findSettingProblems(profile.sip, MOST_LINES).map(({ path, message }) => ({
      path: pointer('sip', path),
      message,
    })),
    ...callManagerProblems(profile.sccp.callManagers),
  ]
}

function nameProblems(name: string): EntryProblem[] {
  if (NAME.test(name)) return []
  const message = 'must be 1 to 64 letters, digits, dots, dashes or underscores'
  return [{ path: '/name', message }]
}

function loadProblems({ protocol, load }: Profile): EntryProblem[] {
  const parsed = parseFirmwareName(load)
  const problem = (message: string) => [{ path: '/load', message }]
  if (parsed.kind === 'bad') {
    const hint = parsed.suggestion === null ? '' : `; did you mean ${parsed.suggestion}?`
    return problem(`${JSON.stringify(load)} ${parsed.fault}${hint}`)
  }
  if (parsed.name.role === 'loader') {
    return problem(`${load} is a loader; name the application load of the same release`)
  }
  if (parsed.name.protocol === protocol) return []
  return problem(`${load} is ${parsed.name.protocol} firmware, and the profile is for ${protocol}`)
}

function callManagerProblems(hosts: readonly string[]): EntryProblem[] {
  const problems: EntryProblem[] = []
  if (hosts.length > MOST_CALL_MANAGERS) {
    const message = `${hosts.length} call managers; the limit is ${MOST_CALL_MANAGERS}`
    problems.push({ path: '/sccp/callManagers', message })
  }
  for (const [index, host] of hosts.slice(0, MOST_CALL_MANAGERS).entries()) {
    if (HOST.test(host)) continue
    const message = 'is not a host name or address'
    problems.push({ path: pointer('sccp', 'callManagers', index), message })
  }
  return problems
}
