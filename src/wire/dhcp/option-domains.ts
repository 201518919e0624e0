import { uint8At } from '../octets.ts'

/*
 * Domain search list, the value of option 119 (RFC 3397 section 2): names as RFC 1035 section 3.1
 * writes them, labels with a length octet in front, ended by a zero. A length octet of 192 or more
 * is a pointer to an earlier place in the value (RFC 1035 section 4.1.4).
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

/** The names, or undefined where the octets are no list of names. */
export function decodeDomains(bytes: Uint8Array): readonly string[] | undefined {
  if (bytes.length === 0) return undefined
  const names: string[] = []
  let at = 0
  while (at < bytes.length) {
    const name = decodeName(bytes, at)
    if (name === undefined) return undefined
    names.push(name.text)
    at = name.end
  }
  return names
}

function encodeName(text: string): readonly number[] | undefined {
  const labels = text.replace(/\.$/, '').split('.')
  if (!labels.every((label) => LABEL.test(label))) return undefined
  const octets = labels.flatMap((label) => [label.length, ...new TextEncoder().encode(label)])
  return octets.length < MAX_NAME_OCTETS ? [...octets, 0] : undefined
}

type Name = { readonly text: string; readonly end: number }

/** The name that begins at `from`; `end` is where the next one begins, wherever pointers lead. */
function decodeName(bytes: Uint8Array, from: number): Name | undefined {
  const labels: string[] = []
  let end: number | undefined
  let segmentAt = from
  let at = from
  let octets = 1
  while (at < bytes.length) {
    const length = uint8At(bytes, at)
    if (length === 0) {
      return labels.length === 0 ? undefined : { text: labels.join('.'), end: end ?? at + 1 }
    }
    if (length >= 192) {
      const target = pointerAt(bytes, at)
      // Pointers lead back, each further than the one before, so there is no loop.
      if (target >= segmentAt) return undefined
      end ??= at + 2
      segmentAt = target
      at = target
      continue
    }
    octets += 1 + length
    const label = new TextDecoder().decode(bytes.subarray(at + 1, at + 1 + length))
    if (octets > MAX_NAME_OCTETS || !LABEL.test(label)) return undefined
    labels.push(label)
    at += 1 + length
  }
  return undefined
}

/** Where a pointer leads; one that is cut off leads nowhere. */
function pointerAt(bytes: Uint8Array, at: number): number {
  if (at + 1 === bytes.length) return Number.POSITIVE_INFINITY
  return ((uint8At(bytes, at) & 63) << 8) | uint8At(bytes, at + 1)
}
