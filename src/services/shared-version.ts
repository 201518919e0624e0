/** Above any number of changes; timelines stay below 8,192, so that both fit into a number. */
const TIMELINE_UNIT = 2 ** 40

/**
 * The version of something that appliances share: how often it was changed, and the timeline of the
 * database that stored the last change.
 *
 * A failover begins a timeline. What no standby had confirmed is gone then, and other changes get the
 * same counters: only with the timeline does a version stand for one content.
 *
 * @param timeline - 0 where the database tells none.
 */
export function versionOn(timeline: number, counter: number): number {
  return timeline * TIMELINE_UNIT + counter
}

/** How often it was changed. */
export function counterOf(version: number): number {
  return version % TIMELINE_UNIT
}

/** The timeline on which it was changed last; 0 where the database told none. */
export function timelineOf(version: number): number {
  return Math.floor(version / TIMELINE_UNIT)
}
