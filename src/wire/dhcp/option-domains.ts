/*
 * Domain search list, the value of option 119 (RFC 3397 section 2): names as RFC 1035 section 3.1
 * writes them, labels with a length byte in front, ended by a zero.
 */

/** RFC 1035 section 2.3.4. */
const MAX_NAME_OCTETS = 255

const LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/

/**
 * Encodes a list of domain names, or one, without compression, which RFC 3397 leaves to the sender.
 *
 * @returns Undefined where something else is given.
 */
export function encodeDomains(value: unknown): Uint8Array | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const octets: number[] = []
  for (const one of list) {
    const name = typeof one === 'string' ? encodeName(one) : undefined
    if (name === undefined) return undefined
    octets.push(...name)
  }
  return octets.length === 0 ? undefined : Uint8Array.from(octets)
}

function encodeName(text: string): readonly number[] | undefined {
  const labels = text.replace(/\.$/, '').split('.')
  if (!labels.every((label) => LABEL.test(label))) return undefined
  const octets = labels.flatMap((label) => [label.length, ...new TextEncoder().encode(label)])
  return octets.length < MAX_NAME_OCTETS ? [...octets, 0] : undefined
}
