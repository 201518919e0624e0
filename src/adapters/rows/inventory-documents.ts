import type { FirmwareFile, SharedFile, StoredFirmware } from '../../inventory/firmware.ts'
import type { Phone, PhoneLine, Profile } from '../../inventory/phone.ts'
import { PHONE_MODELS } from '../../phones/family/family.ts'
import { readDocuments } from './read-documents.ts'
import {
  findShapeFault,
  isAddress,
  isMac,
  isSwitchPort,
  isTextRecord,
  listOf,
  matching,
  oneOf,
  orMissing,
  orNull,
  parseJson,
  type StoredRow,
  shaped,
  text,
  whole,
} from './row-shape.ts'

const LINE = shaped<PhoneLine>({
  name: text(),
  authName: orMissing(text()),
  password: orMissing(text()),
  displayName: orMissing(text()),
  shortName: orMissing(text()),
  contact: orMissing(text()),
})

const PHONE = {
  mac: isMac,
  model: orNull(oneOf(...PHONE_MODELS)),
  label: orNull(text()),
  network: orNull(text()),
  profile: orNull(text()),
  address: orNull(isAddress),
  trustAddress: orMissing(oneOf(true)),
  switchPort: orMissing(isSwitchPort),
  lines: listOf(LINE),
  settings: isTextRecord,
  revision: whole(1),
}

const PROFILE = {
  name: text(),
  protocol: oneOf('sip', 'sccp'),
  load: text(),
  sip: isTextRecord,
  sccp: shaped<Profile['sccp']>({ callManagers: listOf(text()) }),
  revision: whole(1),
}

const SHA256 = matching(/^[0-9a-f]{64}$/)
const FIRMWARE_FILE = { name: text(), bytes: whole(), sha256: SHA256 }
const SHARED_FILE = { ...FIRMWARE_FILE, addedAtMs: whole() }
const SET = {
  load: text(),
  protocol: oneOf('sip', 'sccp'),
  loader: orNull(text()),
  addedAtMs: whole(),
}

const WHOLE_SET = { ...SET, files: listOf(shaped<FirmwareFile>(FIRMWARE_FILE)) }

/** Phones of rows with `key` and `document`. Faults of what is left out are added to `faults`. */
export function readPhones(rows: readonly StoredRow[], faults: string[]): Phone[] {
  const phones: Phone[] = []
  const holders = new Map<number, string>()
  for (const { key, document } of rows) {
    const phone = parseJson(document)
    const fault = findShapeFault<Phone>(phone, PHONE) ?? keyFault(key, (phone as Phone).mac)
    if (fault !== undefined) faults.push(`phone ${key} is left out: ${fault}`)
    else phones.push(withOwnAddress(phone as Phone, holders, faults))
  }
  return phones
}

/** Profiles of rows with `key` and `document`. Faults of what is left out are added to `faults`. */
export function readProfiles(rows: readonly StoredRow[], faults: string[]): Profile[] {
  const findFault = (profile: unknown, key: unknown) =>
    findShapeFault<Profile>(profile, PROFILE) ?? keyFault(key, (profile as Profile).name)
  return readDocuments<Profile>(rows, 'profile', findFault, faults)
}

/** Firmware sets; one with a broken file is left out as a whole, because it is not complete. */
export function readSets(
  rows: readonly StoredRow[],
  fileRows: readonly StoredRow[],
  faults: string[],
): StoredFirmware[] {
  const filesOf = new Map<unknown, StoredRow[]>()
  for (const row of fileRows) {
    const { load } = row
    filesOf.set(load, [...(filesOf.get(load) ?? []), row])
  }
  const sets: StoredFirmware[] = []
  for (const row of rows) {
    const { load } = row
    const files = filesOf.get(load) ?? []
    const fault = findShapeFault(row, SET) ?? files.map(faultOfFile).find(isText)
    if (fault === undefined) sets.push(setOf(row, files))
    else faults.push(`firmware ${load} is left out: ${fault}`)
  }
  return sets
}

/** Shared files. Faults of what is left out are added to `faults`. */
export function readSharedFiles(rows: readonly StoredRow[], faults: string[]): SharedFile[] {
  const files: SharedFile[] = []
  for (const row of rows) {
    const { name } = row
    const fault = findShapeFault<SharedFile>(row, SHARED_FILE)
    if (fault === undefined) files.push(row as SharedFile)
    else faults.push(`file ${name} is left out: ${fault}`)
  }
  return files
}

/** Firmware sets of rows with `key` and `document`, files and all. */
export function readFirmwareDocuments(
  rows: readonly StoredRow[],
  faults: string[],
): StoredFirmware[] {
  const findFault = (set: unknown, key: unknown) =>
    findShapeFault<StoredFirmware>(set, WHOLE_SET) ?? keyFault(key, (set as StoredFirmware).load)
  return readDocuments<StoredFirmware>(rows, 'firmware', findFault, faults)
}

/** Shared files of rows with `key` and `document`. */
export function readSharedFileDocuments(
  rows: readonly StoredRow[],
  faults: string[],
): SharedFile[] {
  const findFault = (file: unknown, key: unknown) =>
    findShapeFault<SharedFile>(file, SHARED_FILE) ?? keyFault(key, (file as SharedFile).name)
  return readDocuments<SharedFile>(rows, 'file', findFault, faults)
}

/** Whether a value is text, for the compiler as well. */
export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function setOf(row: StoredRow, files: readonly StoredRow[]): StoredFirmware {
  return {
    ...(row as Omit<StoredFirmware, 'files'>),
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }) as FirmwareFile),
  }
}

function faultOfFile(row: StoredRow): string | undefined {
  const fault = findShapeFault<FirmwareFile>(row, FIRMWARE_FILE)
  const { name } = row
  return fault === undefined ? undefined : `file ${name}: ${fault}`
}

function keyFault(key: unknown, inside: string): string | undefined {
  return key === inside ? undefined : `the document is that of ${inside}`
}

/** The first holder of an address keeps it; one address for two phones would serve neither. */
function withOwnAddress(phone: Phone, holders: Map<number, string>, faults: string[]): Phone {
  if (phone.address === null) return phone
  const holder = holders.get(phone.address)
  if (holder === undefined) {
    holders.set(phone.address, phone.mac)
    return phone
  }
  faults.push(`phone ${phone.mac} loses its fixed address: phone ${holder} already has it`)
  return { ...phone, address: null }
}
