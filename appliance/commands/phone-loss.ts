/** A phone as the API shows it, as far as an entry over it can take something away. */
export type PhoneSeen = {
  readonly mac: string
  readonly model: string | null
  readonly label: string | null
  readonly network: string | null
  readonly profile: string | null
  readonly address: string | null
  readonly switchPort: string | null
  readonly lines: readonly LineSeen[]
  readonly settings: Readonly<Record<string, string>>
  /** Names of settings whose values are not shown. */
  readonly secretSettings: readonly string[]
  readonly seen?: { readonly load: string | null; readonly protocol: string | null } | null
  readonly revision: number
}

/** A line as the API shows it: without its password. */
export type LineSeen = { readonly name: string; readonly hasPassword: boolean } & Readonly<
  Record<string, unknown>
>

/** A phone as it would be entered over another: whatever JSON the operator gave. */
type Entry = Readonly<Record<string, unknown>>

/**
 * What an entry that replaces a phone would take away or write over, in words; passwords of lines
 * that keep their name stay.
 */
export function lossesOf(seen: PhoneSeen, entry: Entry): readonly string[] {
  return [
    ...FIELDS.flatMap((field) => lossOfField(field, seen[field], entry[field])),
    ...seen.lines.flatMap((line) => lossesOfLine(line, entry['lines'])),
    ...lossesOfSettings(seen, entry),
  ]
}

const FIELDS = ['model', 'label', 'network', 'profile', 'address', 'switchPort'] as const

function lossOfField(field: string, before: string | null, after: unknown): readonly string[] {
  if (before === null || before === after) return []
  return [`${field} ${JSON.stringify(before)}`]
}

function lossesOfLine(line: LineSeen, lines: unknown): readonly string[] {
  const { hasPassword, name, ...fields } = line
  const after = recordsIn(lines).find((one) => one['name'] === name)
  if (after === undefined) return [`line ${name}${hasPassword ? ' with its password' : ''}`]
  const lost = Object.keys(fields).filter((field) => fields[field] !== after[field])
  return lost.map((field) => `${field} of line ${name}`)
}

function lossesOfSettings(seen: PhoneSeen, entry: Entry): readonly string[] {
  const after = recordsIn([entry['settings']])[0] ?? {}
  const kept: unknown = entry['secretSettings']
  const lost = Object.keys(seen.settings).filter((name) => seen.settings[name] !== after[name])
  const isKept = (name: string) => name in after || (Array.isArray(kept) && kept.includes(name))
  const secrets = seen.secretSettings.filter((name) => !isKept(name))
  return [...lost, ...secrets].map((name) => `setting ${name}`)
}

function recordsIn(value: unknown): readonly Entry[] {
  if (!Array.isArray(value)) return []
  return value.filter((one): one is Entry => typeof one === 'object' && one !== null)
}
