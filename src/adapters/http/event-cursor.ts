import type { EventPlace } from '../../services/services.ts'

/** Longer is none of ours: a hundred appliances with long names. */
export const MAX_CURSOR_CHARACTERS = 16_384

const NUMBER = /^\d{1,15}$/
const NAMED = /^([\w.-]{1,63}\/[\w.-]{1,63}):(\d{1,15})$/

/** What a cursor looks like, for those who sent another. */
export const CURSOR_IN_WORDS = 'a number, or the `next` or id that the API has given'

/**
 * Reads a cursor: one number, of the events of the appliance that is asked, or `site/name:number` for
 * each appliance, with commas between.
 *
 * @param here - This appliance, as `site/name`; empty where it is the only one.
 * @returns Undefined where it is none.
 */
export function readCursor(text: string, here: string): EventPlace | undefined {
  if (text.length > MAX_CURSOR_CHARACTERS) return undefined
  if (NUMBER.test(text)) return new Map([[here, Number(text)]])
  if (here === '') return undefined
  const places = text.split(',').map((part) => NAMED.exec(part))
  const found = new Map<string, number>()
  for (const place of places) {
    if (place === null) return undefined
    const [, appliance = '', id] = place
    found.set(appliance, Number(id))
  }
  return found
}

/** The cursor of a place: a number where there is one appliance alone. */
export function writeCursor(place: EventPlace): string {
  const named = [...place].filter(([appliance]) => appliance !== '')
  if (named.length === 0) return `${place.get('') ?? 0}`
  return named.map(([appliance, id]) => `${appliance}:${id}`).join(',')
}
