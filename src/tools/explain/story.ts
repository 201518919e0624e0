import { formatIpv4 } from '../../net/ipv4.ts'
import { readRequestedFile } from '../../phones/requested-file.ts'
import { printable } from '../../services/printable.ts'
import type { ServerEvent } from './server-log/server-event.ts'
import { namingInWords } from './server-naming.ts'

/** One thing that a phone did, in words. */
export type StoryLine = {
  /**
   * As the log tells it, in universal time; the year may be a guess. `+65.0 s` where only the time since
   * the first event is known; null where the log has no times, and the order is all that it tells.
   */
  readonly at: string | null
  readonly atMs: number | null
  readonly text: string
}

/** What a phone did, line by line. */
export type Story = {
  readonly add: (event: ServerEvent) => void
  /** Its lines, and how many were left out between the first ones and the last ones. */
  readonly lines: () => {
    readonly first: readonly StoryLine[]
    readonly left: number
    readonly last: readonly StoryLine[]
  }
}

/** The first lines and the last ones say what happened; a loop between them repeats itself. */
const MOST_LINES = 2_000

/**
 * Begins a story.
 *
 * @param ends - Lines that are kept at either end; null for all up to a bound.
 */
export function newStory(ends: number | null): Story {
  const [mostFirst, mostLast] = ends === null ? [MOST_LINES, 0] : [ends, ends]
  const first: ServerEvent[] = []
  let last: ServerEvent[] = []
  let dropped = 0
  /** What one boot was told of servers: once is enough, however often it is sent. */
  const shown = new Set<string>()
  const isSaid = (event: ServerEvent): boolean => {
    if (event.kind === 'boot') shown.clear()
    if (event.kind !== 'reply') return true
    const text = inWords(event)
    if (text === '' || shown.has(text)) return false
    shown.add(text)
    return true
  }
  return {
    add: (event) => {
      if (!isSaid(event)) return
      if (first.length < mostFirst) first.push(event)
      else last.push(event)
      // Not line by line: each would move all others.
      if (last.length <= 2 * mostLast + 64) return
      dropped += last.length - mostLast
      last = mostLast === 0 ? [] : last.slice(-mostLast)
    },
    lines: () => {
      const kept = mostLast === 0 ? [] : last.slice(-mostLast)
      const left = dropped + last.length - kept.length
      return { first: first.map(lineOf), left, last: kept.map(lineOf) }
    },
  }
}

function lineOf(event: ServerEvent): StoryLine {
  return { ...timeOf(event), text: inWords(event) }
}

function timeOf({ atMs, clock }: ServerEvent): Pick<StoryLine, 'at' | 'atMs'> {
  if (clock === 'none') return { at: null, atMs: null }
  if (clock === 'relative') return { at: `+${(atMs / 1_000).toFixed(1)} s`, atMs }
  return { at: Math.abs(atMs) < 8.64e15 ? new Date(atMs).toISOString() : '', atMs }
}

function inWords(event: ServerEvent): string {
  switch (event.kind) {
    case 'boot': {
      const said =
        event.vendorClass === null ? '' : ` and says it is "${printable(event.vendorClass)}"`
      return `starts${said}`
    }
    case 'address':
      return `has the address ${formatIpv4(event.address)}`
    case 'dhcp':
      return DHCP_WORDS[event.outcome] + (event.reason === '' ? '' : `: ${printable(event.reason)}`)
    case 'reply':
      return namingInWords(event.naming)
    case 'request':
      return `asks for ${printable(event.name)}`
    case 'absent':
      return `is told that there is no ${printable(event.name)}${normal(event.name)}`
    case 'ended':
      return endInWords(event)
    case 'blocked':
      return `is not reached by what is sent for ${printable(event.name)}: ${printable(event.reason)}`
    case 'registration':
      return `${REGISTRATION_WORDS[event.step]} (${event.protocol.toUpperCase()})${event.load === null ? '' : `, load ${printable(event.load)}`}`
    default:
      return event satisfies never
  }
}

function endInWords({ name, outcome, bytes }: ServerEvent & { readonly kind: 'ended' }): string {
  switch (outcome) {
    case 'completed':
      return `has ${printable(name)}${bytes === null ? '' : `, ${bytes} bytes`}`
    case 'failed':
      return `breaks off ${printable(name)}`
    case 'unheard':
      return `does not acknowledge ${printable(name)}`
    default:
      return outcome satisfies never
  }
}

const REGISTRATION_WORDS = {
  asked: 'asks its call manager to register it',
  accepted: 'is registered',
  refused: 'is refused by its call manager',
  gone: 'takes leave of its call manager',
  reset: 'is told by its call manager to restart',
} as const

const DHCP_WORDS = {
  offered: 'is offered an address',
  refused: 'is given no address',
  declined: 'declines its address as used by another device',
} as const

/** What frightens people and is as it should be. */
function normal(name: string): string {
  return readRequestedFile(name).kind === 'ctlsep' ? ', which is normal' : ''
}
