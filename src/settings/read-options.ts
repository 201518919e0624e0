import { Option } from '../dhcp/option-codes.ts'
import { findAsciiFault } from '../phones/config-files/phone-text.ts'
import { nearestWord } from '../phones/nearest-word.ts'
import type { OutgoingOption } from '../wire/dhcp/message.ts'
import { knownOptions, optionByNameOrCode } from '../wire/dhcp/option-table.ts'
import { encodeOptionValue } from '../wire/dhcp/option-value.ts'
import { type Finding, pathOfKey, problem } from './problem.ts'
import type { OptionsAsWritten } from './readable.ts'

/** Codes that every reply gets from elsewhere, and where the operator sets them instead. */
const MADE_BY_THE_SERVER: ReadonlyMap<number, string> = new Map([
  [Option.subnetMask, 'it is derived from subnet'],
  [Option.requestedAddress, 'only clients send this option'],
  [Option.leaseTime, 'use leaseTime'],
  [Option.overload, 'the server sets it when space is short'],
  [Option.messageType, 'the server sets it'],
  [Option.serverIdentifier, 'use address'],
  [Option.parameterRequestList, 'only clients send this option'],
  [Option.message, 'the server sets it'],
  [Option.maxMessageSize, 'only clients send this option'],
  [Option.renewalTime, 'it is derived from leaseTime'],
  [Option.rebindingTime, 'it is derived from leaseTime'],
  [Option.clientIdentifier, 'only clients send this option'],
  [Option.rapidCommit, 'use rapidCommit'],
  [Option.relayAgentInformation, 'the server echoes it'],
  [Option.authentication, 'this option is not supported'],
  [Option.subnetSelection, 'use subnetSelection'],
])

/** Options as bytes, each code once, and what was wrong with the rest. */
export type ReadOptions = {
  readonly options: readonly OutgoingOption[]
  readonly findings: readonly Finding[]
}

/**
 * Reads options by catalogue name or number.
 *
 * @param path - Of the options, for findings.
 * @param ownKeys - Codes that the network has a key for, and that key.
 */
export function readOptions(
  written: OptionsAsWritten,
  path: string,
  ownKeys: ReadonlyMap<number, string>,
): ReadOptions {
  const options = new Map<number, Uint8Array>()
  const findings: Finding[] = []
  for (const [key, value] of Object.entries(written)) {
    const read = readOption(key, value, ownKeys)
    if (read.kind === 'fault') {
      findings.push(problem(pathOfKey(path, key), read.message))
    } else if (options.has(read.code)) {
      findings.push(
        problem(pathOfKey(path, key), `option ${read.code} repeated under another name`),
      )
    } else {
      options.set(read.code, read.bytes)
    }
  }
  return { options: [...options], findings }
}

type ReadOption =
  | { readonly kind: 'ok'; readonly code: number; readonly bytes: Uint8Array }
  | { readonly kind: 'fault'; readonly message: string }

function readOption(key: string, value: unknown, ownKeys: ReadonlyMap<number, string>): ReadOption {
  const row = optionByNameOrCode(key)
  if (row === undefined) return { kind: 'fault', message: unknownOption(key) }
  const elsewhere = MADE_BY_THE_SERVER.get(row.code)
  if (elsewhere !== undefined) {
    return { kind: 'fault', message: `option ${row.code} cannot be set here: ${elsewhere}` }
  }
  const ownKey = ownKeys.get(row.code)
  if (ownKey !== undefined) {
    return { kind: 'fault', message: `option ${row.code} has its own key: use ${ownKey}` }
  }
  // Phones take option text for ISO 8859-1, RFC 2132 section 2 has NVT ASCII: both agree on that.
  const fault = typeof value === 'string' ? findAsciiFault(value) : undefined
  if (fault !== undefined)
    return { kind: 'fault', message: `${fault} (option ${row.code}, ${row.title})` }
  const encoded = encodeOptionValue(row, value)
  if (encoded.kind === 'ok') return { kind: 'ok', code: row.code, bytes: encoded.bytes }
  const message = `found ${encoded.found}, wanted ${encoded.wanted} (option ${row.code}, ${row.title})`
  return { kind: 'fault', message }
}

function unknownOption(key: string): string {
  if (/^\d+$/.test(key)) return `found option ${key}, wanted a number from 1 to 254`
  const meant = nearestWord(
    key,
    knownOptions().map(({ name }) => name),
  )
  if (meant !== undefined) return `unknown option, did you mean ${meant}?`
  return 'unknown option, wanted a name of the catalogue such as ntpServers, or a number'
}
