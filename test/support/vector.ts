import { readdirSync, readFileSync } from 'node:fs'

/** A packet whose bytes and meaning come from outside our own encoders. */
export type Vector = {
  readonly name: string
  /** RFC section, or device and capture. */
  readonly origin: string
  /** Why an encoder cannot be held to the exact bytes; undefined where it can. */
  readonly notEncoded: string | undefined
  readonly bytes: Uint8Array
  /** What decoding must give, by name. */
  readonly values: Readonly<Record<string, string>>
}

/**
 * Reads all vectors of one folder of `test/vectors`.
 *
 * A vector is text. First `origin:` and, if need be, `not encoded:` with the reason. Then the bytes
 * in hex, one field a line, a comment behind `#`; `00*64` is 64 times that octet. Then a line `---`
 * and the expected values, `name: value`.
 */
export function readVectors(folder: string): readonly Vector[] {
  const directory = new URL(`../vectors/${folder}/`, import.meta.url)
  return readdirSync(directory)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => parseVector(file, readFileSync(new URL(file, directory), 'utf8')))
}

/** Parses one vector; anything malformed throws, so that a typing error is no passing test. */
export function parseVector(name: string, text: string): Vector {
  const [top = '', bottom, ...rest] = text.split(/^---\n/m)
  if (bottom === undefined || rest.length > 0) throw new Error(`${name}: one line --- is wanted`)
  const octets: number[] = []
  const about = new Map<string, string>()
  for (const line of top.split('\n')) {
    const note = /^(origin|not encoded): (.+)$/.exec(line)
    if (note !== null) about.set(note[1] as string, note[2] as string)
    else octets.push(...octetsOf(line.replace(/#.*$/, ''), name))
  }
  const origin = about.get('origin')
  if (origin === undefined) throw new Error(`${name}: an origin is wanted`)
  const values = valuesOf(bottom, name)
  return { name, origin, notEncoded: about.get('not encoded'), bytes: Buffer.from(octets), values }
}

/** Octets of hex digits; blanks, colons and dots between them do not matter. */
export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(octetsOf(hex.replaceAll(/[:.]/g, ' '), 'hex'))
}

function octetsOf(text: string, name: string): number[] {
  return text
    .split(/\s+/)
    .filter((token) => token !== '')
    .flatMap((token) => {
      const match = /^((?:[0-9A-Fa-f]{2})+)(?:\*(\d{1,5}))?$/.exec(token)
      if (match === null) throw new Error(`${name}: "${token}" is no hex`)
      const once = [...Buffer.from(match[1] as string, 'hex')]
      return Array.from({ length: Number(match[2] ?? 1) }, () => once).flat()
    })
}

function valuesOf(text: string, name: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const match = /^([^:]+): ?(.*)$/.exec(line)
    if (match === null) throw new Error(`${name}: "${line}" is no value`)
    const [, key = '', value = ''] = match
    if (key in values) throw new Error(`${name}: ${key} is given twice`)
    values[key] = value
  }
  return values
}
