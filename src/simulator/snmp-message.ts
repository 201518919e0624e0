/*
 *   SEQUENCE { version INTEGER, community OCTET STRING, PDU }
 *   PDU      [0] get, [1] next, [2] response, [3] set, [5] bulk: { id, error, index, bindings }
 *   bindings SEQUENCE OF SEQUENCE { name OBJECT IDENTIFIER, value }
 */

/** One name and its value; `number` is null for a value that is no integer. */
export type SnmpBinding = { readonly oid: string; readonly number: number | null }

/** A request of SNMPv2c, as far as a switch with PoE looks at it (RFC 3416 section 3). */
export type SnmpRequest = {
  readonly kind: 'get' | 'next' | 'set' | 'bulk'
  readonly community: string
  readonly id: number
  readonly bindings: readonly SnmpBinding[]
}

/** What stands in the place of a value that is not there (RFC 3416 section 3). */
export type SnmpAbsence = 'no-such-instance' | 'end-of-view'

/** A value of a response: a number, what is absent, or the same as in the request. */
export type SnmpAnswer = { readonly oid: string; readonly value: number | SnmpAbsence | null }

/** Errors of a response (RFC 3416 section 3): none, no access, not writable. */
export const SNMP_ERROR = { none: 0, wrongValue: 10, notWritable: 17, noAccess: 6 } as const

const TAG = { integer: 0x02, text: 0x04, nothing: 0x05, oid: 0x06, sequence: 0x30 } as const
const KINDS: ReadonlyMap<number, SnmpRequest['kind']> = new Map([
  [0xa0, 'get'],
  [0xa1, 'next'],
  [0xa3, 'set'],
  [0xa5, 'bulk'],
])
const RESPONSE = 0xa2
const VERSION_2C = 1

type Element = { readonly tag: number; readonly content: Uint8Array }

/** Reads a datagram; undefined where it is no request of SNMPv2c. */
export function readSnmpRequest(bytes: Uint8Array): SnmpRequest | undefined {
  const message = elements(bytes)?.[0]
  const parts = message?.tag === TAG.sequence ? elements(message.content) : undefined
  const [version, community, pdu] = parts ?? []
  if (version === undefined || community === undefined || pdu === undefined) return undefined
  const kind = KINDS.get(pdu.tag)
  if (kind === undefined || integer(version) !== VERSION_2C) return undefined
  const [id, , , list] = elements(pdu.content) ?? []
  if (id === undefined || list === undefined) return undefined
  const bindings = elements(list.content)?.map(bindingOf) ?? []
  if (bindings.some((binding) => binding === undefined)) return undefined
  return {
    kind,
    community: new TextDecoder('latin1').decode(community.content),
    id: integer(id),
    bindings: bindings as SnmpBinding[],
  }
}

/** Writes the response to a request. @param index - Which binding is at fault, from 1. */
export function writeSnmpResponse(
  { community, id }: SnmpRequest,
  answers: readonly SnmpAnswer[],
  error: { readonly status: number; readonly index: number },
): Uint8Array {
  const list = answers.map(({ oid, value }) =>
    element(TAG.sequence, [element(TAG.oid, oidOctets(oid)), valueElement(value)].flat()),
  )
  const pdu = element(RESPONSE, [
    ...integerElement(id),
    ...integerElement(error.status),
    ...integerElement(error.index),
    ...element(TAG.sequence, list.flat()),
  ])
  const text = element(TAG.text, [...new TextEncoder().encode(community)])
  return Uint8Array.from(element(TAG.sequence, [...integerElement(VERSION_2C), ...text, ...pdu]))
}

function bindingOf({ tag, content }: Element): SnmpBinding | undefined {
  const [name, value] = tag === TAG.sequence ? (elements(content) ?? []) : []
  if (name?.tag !== TAG.oid || value === undefined) return undefined
  const number = value.tag === TAG.integer ? integer(value) : null
  return { oid: oidText(name.content), number }
}

/** All elements of a content; undefined where one does not end in it. */
function elements(bytes: Uint8Array): readonly Element[] | undefined {
  const found: Element[] = []
  let at = 0
  while (at < bytes.length) {
    const tag = bytes[at] as number
    let length = bytes[at + 1] ?? -1
    at += 2
    if (length > 0x80 && length <= 0x82) {
      const octets = length - 0x80
      length = 0
      for (let index = 0; index < octets; index++) length = length * 256 + (bytes[at++] ?? 0)
    }
    if (length < 0 || length === 0x80 || at + length > bytes.length) return undefined
    found.push({ tag, content: bytes.subarray(at, at + length) })
    at += length
  }
  return found
}

function integer({ content }: Element): number {
  let value = (content[0] ?? 0) > 127 ? -1 : 0
  for (const octet of content) value = value * 256 + octet
  return value
}

function oidText(content: Uint8Array): string {
  const arcs: number[] = []
  let arc = 0
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f)
    if (octet < 128) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [first = 0, ...rest] = arcs
  return [Math.min(Math.floor(first / 40), 2), first % 40, ...rest].join('.')
}

function oidOctets(text: string): number[] {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  return [first * 40 + second, ...rest].flatMap((arc) => {
    const octets = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) octets.unshift((left & 0x7f) | 0x80)
    return octets
  })
}

function valueElement(value: SnmpAnswer['value']): number[] {
  if (typeof value === 'number') return integerElement(value)
  if (value === 'no-such-instance') return element(0x81, [])
  return value === 'end-of-view' ? element(0x82, []) : element(TAG.nothing, [])
}

function integerElement(value: number): number[] {
  const octets = [value & 0xff]
  let left = value >> 8
  for (; left !== 0 && left !== -1; left >>= 8) octets.unshift(left & 0xff)
  // The first bit is the sign.
  if (value >= 0 && (octets[0] as number) > 127) octets.unshift(0)
  if (value < 0 && (octets[0] as number) < 128) octets.unshift(0xff)
  return element(TAG.integer, octets)
}

function element(tag: number, content: readonly number[]): number[] {
  const { length } = content
  if (length < 0x80) return [tag, length, ...content]
  if (length < 0x100) return [tag, 0x81, length, ...content]
  return [tag, 0x82, length >> 8, length & 0xff, ...content]
}
