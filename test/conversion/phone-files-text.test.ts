import fc from 'fast-check'
import t from 'tap'
import { makePhoneFiles } from '../../src/conversion/phone-files.ts'
import type { Phone, PhoneLine, Profile } from '../../src/inventory/phone.ts'
import { findPhoneProblems } from '../../src/inventory/phone-rules.ts'
import { findUnreadableTexts } from '../../src/inventory/stored-text.ts'
import { sipParameters } from '../../src/phones/config-files/sip-parameters.ts'
import { MAC } from '../support/conversion-builders.ts'

// Whatever is stored, by whatever version: the files have the lines that the entry has fields, no
// other. They are read here octet by octet, by a reader that knows nothing of the writer.

/** Text made to break out: line ends, quotes and their twins above U+00FF, halves of pairs. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
  fc
    .array(
      fc.constantFrom(
        ...'"\':#;<>&/ \\\t\r\n\0\x1a\x7f\x85é',
        ...'\u010a\u010d\u0122\u013a\u013c\u0126\u020a\u2028\u2029\u202e\ufeff\ud800\udc0a',
        '\u{1f40a}',
        'image_version: EVIL',
        'proxy1_address: "6.6.6.6"',
        '</device>',
      ),
    )
    .map((parts) => parts.join('')),
)
const anyName = fc.oneof(
  fc.constantFrom(...sipParameters().map(({ name }) => name), 'IMAGE_VERSION', '__proto__'),
  anyText,
)
const anySettings = fc.dictionary(anyName, anyText)
const anyLine: fc.Arbitrary<PhoneLine> = fc.record(
  {
    name: anyText,
    authName: anyText,
    password: anyText,
    displayName: anyText,
    shortName: anyText,
    contact: anyText,
  },
  { requiredKeys: ['name'] },
)
const anyEntry = fc.record({
  label: anyText,
  lines: fc.array(anyLine, { maxLength: 8 }),
  settings: anySettings,
  sip: anySettings,
  callManagers: fc.array(anyText, { maxLength: 6 }),
  load: anyText,
  tones: fc.array(anyText),
})
type Entry = typeof anyEntry extends fc.Arbitrary<infer Value> ? Value : never

t.test('SIP files: the parameters of the entry and no others, whatever they say', async (t) => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const files = filesOf(entry)
      const own = parametersIn(files.get(`SIP${MAC}.cnf`))
      const wantedOfLines = entry.lines.slice(0, 6).flatMap((line, index) => linesOf(line, index))
      const named = [...wantedOfLines, ...writable(entry.settings)]
      const hasMore = entry.lines.length > 0 || Object.keys(entry.settings).length > 0
      t.same(own.sort(), withSync(named, hasMore).sort())
      const shared = parametersIn(files.get('SIPDefault.cnf'))
      const isLong = Object.keys(entry.sip).length > 0
      t.same(shared.sort(), withSync(writable(entry.sip), isLong).sort())
    }),
  )
})

/** A file that holds more than the load has `sync` as well, once. */
function withSync(named: readonly string[], hasMore: boolean): string[] {
  const isAdded = hasMore && !named.includes('sync')
  return ['image_version', ...named, ...(isAdded ? ['sync'] : [])]
}

t.test('XML files: the elements of the entry and no others', async (t) => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const files = filesOf(entry)
      const elements = tagsIn(files.get(`SEP${MAC}.cnf.xml`))
      t.equal(elements.filter((tag) => tag === 'loadInformation').length, 1)
      t.equal(elements.filter((tag) => tag === 'processNodeName').length, entry.callManagers.length)
      const known = ['device', 'devicePool', 'callManagerGroup', 'members', 'member', 'callManager']
      const inner = ['ports', 'ethernetPhonePort', 'processNodeName', 'loadInformation']
      t.same(
        elements.filter((tag) => ![...known, ...inner].includes(tag)),
        [],
      )
    }),
  )
})

t.test('OS79XX.TXT is one line, RINGLIST.DAT two fields a line', async (t) => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const files = filesOf(entry)
      t.match(files.get('OS79XX.TXT'), /^[A-Za-z0-9._-]*\n$/)
      for (const line of linesIn(files.get('RINGLIST.DAT'))) t.match(line, /^[^\t]*\t[^\t]+$/)
    }),
  )
})

t.test('what is entered today is written as it is, and anything else is told of', async (t) => {
  const none = { networks: [], switches: [] }
  const nobody = { phoneAt: () => undefined, phoneOnPort: () => undefined }
  const around = { ...none, ...nobody, hasProfile: () => true }
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const phone = phoneOf({ ...entry, settings: {}, lines: entry.lines.slice(0, 6) })
      const texts = [phone.label ?? '', ...phone.lines.flatMap((line) => Object.values(line))]
      const isPlain = texts.every((text) => /^[ -~\u00a0-\u00ff]*$/.test(text))
      const hasQuote = phone.lines.some((line) => Object.values(line).join('').includes('"'))
      const refused = findPhoneProblems(phone, around).some(({ message }) => /U\+/.test(message))
      t.equal(refused, !isPlain || hasQuote)
      t.equal(findUnreadableTexts([phone], []).length > 0, refused)
      if (refused) return
      const file = filesOf({ ...entry, settings: {} }).get(`SIP${MAC}.cnf`) ?? ''
      for (const { name } of phone.lines) t.ok(file.includes(`_name: "${name}"\n`))
    }),
  )
})

function phoneOf({ label, lines, settings }: Pick<Entry, 'label' | 'lines' | 'settings'>): Phone {
  return {
    mac: MAC,
    model: '7960',
    label,
    network: null,
    profile: 'to-sip',
    address: null,
    lines,
    settings,
    revision: 1,
  }
}

/** The files as octets, one a character. */
function filesOf(entry: Entry): ReadonlyMap<string, string> {
  const { sip, callManagers, load, tones } = entry
  const profile: Profile = {
    name: 'to-sip',
    protocol: 'sip',
    load,
    sip,
    sccp: { callManagers },
    revision: 1,
  }
  const made = makePhoneFiles({
    phone: phoneOf(entry),
    profile,
    naming: { os79xx: load, xml: load, imageVersion: load, sip: true, oneLine: false },
    emptyCtlsep: false,
    serverAddress: '10.20.0.2',
    sharedNames: tones.map((name) => `${name}.pcm`),
  })
  return new Map(made.map(([name, { file }]) => [name, Buffer.from(file.bytes).toString('latin1')]))
}

/** The most careful reader: any control character might end a line, any quote a value. */
function linesIn(file = ''): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  return file.split(/[\0-\x08\x0a-\x1f\x7f-\x9f]/).slice(0, -1)
}

function parametersIn(file: string | undefined): string[] {
  return linesIn(file).map((line) => {
    const [, name, value] = /^([A-Za-z0-9_]+): (.*)$/.exec(line) ?? []
    const isWhole = name === 'image_version' ? /^[A-Za-z0-9._-]*$/ : /^"[^"]*"$/
    return isWhole.test(value ?? '') ? `${name}` : `no parameter: ${JSON.stringify(line)}`
  })
}

function tagsIn(file = ''): readonly string[] {
  return [...file.matchAll(/<([^/\s>]+)[^>]*>/g)].map(([, tag = '']) => tag)
}

/** What a settings record may say: names of parameters, but not the load. */
function writable(settings: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(settings).filter((name) => /^[A-Za-z0-9_]+$/.test(name))
  return names.filter((name) => name.toLowerCase() !== 'image_version')
}

function linesOf(line: PhoneLine, index: number): readonly string[] {
  const { displayName, shortName, contact, password } = line
  const optional = { password, shortname: shortName, displayname: displayName, contact }
  const given = Object.entries(optional).filter(([, value]) => value !== undefined)
  const names = ['name', 'authname', ...given.map(([name]) => name)]
  return names.map((name) => `line${index + 1}_${name}`)
}
