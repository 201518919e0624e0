import type { PageState } from '../data/page-state.ts'
import type { Conversion } from '../data/types.ts'
import { describeStage, formatMac } from './format.ts'
import { rolloutAnnouncementOf } from './rollout-announcement.ts'

/**
 * What a screen reader is told about a change; null where it is not worth a word. Of the open phone
 * every stage counts, of others the ends alone. An open roll-out speaks for its phones.
 */
export function announcementOf(
  before: PageState,
  after: PageState,
  openMac: string | null,
  isRolloutOpen = false,
): string | null {
  if (before.connection !== after.connection && before.connection !== 'connecting') {
    return after.connection === 'live'
      ? 'Live again'
      : 'No live connection; polling every 5 seconds'
  }
  const ofRollout = rolloutAnnouncementOf(before, after)
  if (ofRollout !== null || isRolloutOpen) return ofRollout
  if (before.conversions === after.conversions) return null
  return announcementOfMoved(movedBetween(before, after, openMac), openMac)
}

/**
 * The conversions that a reader would see to be elsewhere. One that was not known before was not read
 * before, or its phone came to the page of the list with others; of the open phone it is new.
 */
function movedBetween(
  before: PageState,
  after: PageState,
  openMac: string | null,
): readonly Conversion[] {
  return [...after.conversions.values()].filter((conversion) => {
    const known = before.conversions.get(conversion.mac)
    if (known === undefined) return openMac === conversion.mac && before.openPhone?.mac === openMac
    return known !== conversion && describeStage(known) !== describeStage(conversion)
  })
}

function announcementOfMoved(moved: readonly Conversion[], openMac: string | null): string | null {
  const words = (conversion: Conversion) =>
    `Phone ${formatMac(conversion.mac)}: ${describeStage(conversion)}`
  const open = moved.find(({ mac }) => mac === openMac)
  if (open !== undefined) return words(open)
  const ended = moved.filter(({ state }) => state === 'confirmed' || state === 'stalled')
  if (ended.length > 1) return `${ended.length} phones have finished or stalled`
  return ended[0] === undefined ? null : words(ended[0])
}
