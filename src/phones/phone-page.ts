/**
 * What the web page of a phone says of itself; null where it does not say.
 *
 * Pages come from whatever device has the address: each value is held to its form and its length here.
 */
export type PhonePage = {
  /** Twelve upper-case hexadecimal digits. */
  readonly mac: string | null
  /** As Cisco names it, without `CP-` and `G`: `7940`, `7960`, `7905`. */
  readonly model: string | null
  /** `App Load ID`, as written. */
  readonly load: string | null
  /** `Version`, such as `8.1(2.0)`. */
  readonly version: string | null
  readonly serial: string | null
}

/** Pages are read up to here; those of a phone have 1 to 4 KiB. In bytes. */
export const MAX_PAGE_BYTES = 65_536

/**
 * Where the pages are, in the order in which they are asked for. `X` marks the XML form; `/` shows
 * the device information too. SIP loads of the 7940 and 7960 have no pages.
 *
 * Sources: Cisco IP phone services guide (list of paths); FusionInventory (a 7940 with SCCP 8.1);
 * Funkfeuer wiki (no pages with SIP).
 */
export const PAGE_PATHS = ['/DeviceInformationX', '/DeviceInformation', '/'] as const

/**
 * Reads the device information page of a phone in its XML or its HTML form.
 *
 * It is no XML parser and expands no entity: five names are looked for, and text between marks is
 * all that counts. Takes time in proportion to the length of the page, whatever is in it.
 *
 * Sources: FusionInventory (XML of a 7940), Cisco CallManager Express guide and IP Phone Search
 * (labels), an OpenVAS detection script (`<TD><B> label</B></TD>`).
 *
 * @param bytes - Only the first 65,536 bytes are looked at.
 * @returns Undefined where the page names none of them.
 */
export function readPhonePage(bytes: Uint8Array): PhonePage | undefined {
  const cells = cellsOf(textOf(bytes.subarray(0, MAX_PAGE_BYTES)))
  const found = new Map<Field, string>()
  for (const [index, cell] of cells.entries()) {
    const field = LABELS[normalised(cell)]
    const value = cells[index + 1]
    // A label directly after another one: the first has no value.
    if (field === undefined || value === undefined || normalised(value) in LABELS) continue
    // Some loads show a value of an add-on module under the same words further down.
    if (!found.has(field)) found.set(field, value)
  }
  if (found.size === 0) return undefined
  return {
    mac: macIn(found.get('mac')),
    model: modelIn(found.get('model')),
    load: matching(found.get('load'), LOAD),
    version: matching(found.get('version'), VERSION),
    serial: matching(found.get('serial'), SERIAL),
  }
}

type Field = keyof PhonePage

/** Names of XML elements and labels of HTML rows, in lower case. */
const LABELS: Readonly<Record<string, Field | undefined>> = Object.assign(Object.create(null), {
  macaddress: 'mac',
  'mac address': 'mac',
  apploadid: 'load',
  'app load id': 'load',
  versionid: 'version',
  version: 'version',
  serialnumber: 'serial',
  'serial number': 'serial',
  modelnumber: 'model',
  'model number': 'model',
  // Those that end the value before them where it is empty.
  hostname: undefined,
  'host name': undefined,
  phonedn: undefined,
  'phone dn': undefined,
  bootloadid: undefined,
  'boot load id': undefined,
  dsploadid: undefined,
  'dsp load id': undefined,
  hardwarerevision: undefined,
  'hardware revision': undefined,
  'message waiting': undefined,
  messagewaiting: undefined,
})

const LOAD = /^[A-Za-z0-9][A-Za-z0-9._-]{2,39}$/
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.()_-]{0,31}$/
const SERIAL = /^[0-9A-Za-z][0-9A-Za-z-]{3,31}$/

/** More than any page has; the rest is not looked at. */
const MAX_CELLS = 4096

/** Longer text is no value of ours, and no label. */
const LONGEST_CELL = 128

/** The pages are ISO 8859-1, and what counts in them is ASCII. */
function textOf(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  }
  return text
}

/**
 * The texts of a page in their order: between tags and, of XML, the names of elements. An element
 * without text has a name alone, as a label without a value has.
 */
function cellsOf(page: string): readonly string[] {
  const cells: string[] = []
  let at = 0
  while (at < page.length && cells.length < MAX_CELLS) {
    const open = page.indexOf('<', at)
    keepText(cells, page, at, open < 0 ? page.length : open)
    if (open < 0) break
    const close = page.indexOf('>', open)
    // A tag that never ends holds nothing that counts.
    if (close < 0) break
    keepName(cells, page, open + 1, close)
    at = close + 1
  }
  return cells
}

function keepText(cells: string[], page: string, from: number, to: number): void {
  if (to - from > 2 * LONGEST_CELL) return
  const text = page
    .slice(from, to)
    .replaceAll(/&nbsp;|\u00a0/gi, ' ')
    .trim()
  if (text !== '' && text.length <= LONGEST_CELL) cells.push(text)
}

/** Only names of one word that are elements of ours: `<b>` and `<td>` are no labels. */
function keepName(cells: string[], page: string, from: number, to: number): void {
  if (to - from > LONGEST_CELL || page[from] === '/') return
  const name = page.slice(from, to).trim().toLowerCase()
  if (name in LABELS && name.length > SHORTEST_ELEMENT) cells.push(name)
}

/** `<version>` is no element of these pages, and a page of another device may have it. */
const SHORTEST_ELEMENT = 'version'.length

function normalised(cell: string): string {
  return cell.toLowerCase().replaceAll(/\s+/g, ' ').replace(/ ?:$/, '')
}

function matching(value: string | undefined, form: RegExp): string | null {
  return value !== undefined && form.test(value) ? value : null
}

function macIn(value: string | undefined): string | null {
  const digits = (value ?? '').replaceAll(/[:.-]/g, '')
  return /^[0-9A-Fa-f]{12}$/.test(digits) ? digits.toUpperCase() : null
}

function modelIn(value: string | undefined): string | null {
  return /^(?:CP-)?(79\d\d)G?(?:-[A-Z]{1,3})?$/i.exec(value ?? '')?.[1] ?? null
}
