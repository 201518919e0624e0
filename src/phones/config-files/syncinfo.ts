import { xmlText } from './phone-text.ts'

/** `sync` of a phone whose files name none: the phone's own default (Cisco's sample SIPDefault.cnf). */
export const DEFAULT_SYNC = '1'

/**
 * `syncinfo.xml`, which a SIP phone reads after a NOTIFY `check-sync`: it restarts where SYNC differs
 * from the `sync` of its configuration. Ours always differs, so that each NOTIFY restarts the phone
 * once; one that has read its files again compares the same two values again.
 *
 * @param sync - The value in the files of the phone, at most 32 characters.
 * @see Cisco SIP IP phone administrator guide 8.0, "syncinfo.xml"; setting another value on purpose:
 *   Gemeinschaft, SipNotify
 */
export function renderSyncinfo(sync: string): string {
  return `<SYNCINFO>\n  <IMAGE VERSION="*" SYNC="${xmlText(otherSync(sync))}"/>\n</SYNCINFO>\n`
}

/**
 * A value that differs from `sync`, and from any other that the phone may have been served before: an
 * operator may have edited the files since. It is computed, so that a restart of the appliance keeps it.
 */
export function otherSync(sync: string): string {
  const value = `restart-${fnv1a(sync).toString(16).padStart(8, '0')}`
  /* c8 ignore next -- a text that contains its own hash; none is known */
  return value === sync ? `${value}-again` : value
}

/** FNV-1a, 32 bits, over UTF-16 code units (draft-eastlake-fnv, section 2). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  return hash
}
