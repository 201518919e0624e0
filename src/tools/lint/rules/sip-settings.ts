import { findSettingProblems } from '../../../phones/config-files/setting-problems.ts'
import { findParameter } from '../../../phones/config-files/sip-parameters.ts'
import { byteOrderMark, fileText } from '../file-text.ts'
import { type Finding, finding } from '../finding.ts'
import type { ParameterEntry, ParameterFile } from '../read-parameters.ts'
import type { ReadConfiguration, RootView } from '../root-view.ts'
import { document5455, SIP_MESSAGES, SIP_PARAMETERS } from '../sources.ts'
import { isXml } from './wrong-content.ts'

/** What `SIPDefault.cnf` and `SIP<MAC>.cnf` say that a phone cannot read or will not take. */
export function findSipSettingFaults(view: RootView): readonly Finding[] {
  const sip = [...view.sip, ...view.misspeltSip]
  const hasSharedLine = sip.some(({ mac, content }) => mac === null && namesLine(content))
  return sip.flatMap((configuration) => [
    ...unreadable(configuration),
    ...configuration.content.entries.flatMap((entry) => faultsOfEntry(configuration, entry)),
    ...repeated(configuration),
    ...(hasSharedLine ? [] : unprovisioned(configuration)),
  ])
}

type SipFile = ReadConfiguration<ParameterFile>

function unreadable({ file, content }: SipFile): readonly Finding[] {
  const message = file.path === 'SIPDefault.cnf' ? 'W310' : 'W320'
  const phone = `The phone shows ${message} and goes on with the settings in its flash for it.`
  const remedy = 'Write one "name: value" a line, as plain ASCII; "#" begins a comment.'
  const rest = { severity: 'fails', file: file.path, phone, remedy, source: SIP_MESSAGES } as const
  const mark = byteOrderMark(file.bytes)
  if (mark !== undefined) {
    const found = `begins with a ${mark} byte order mark`
    return [finding({ ...rest, rule: 'sip-encoding', offset: 0, found })]
  }
  // A rule of its own tells it.
  if (isXml(fileText(file.bytes))) return []
  return content.faults.map(({ line, fault }) =>
    finding({ ...rest, rule: 'sip-syntax', line, found: fault }),
  )
}

function faultsOfEntry(
  { file }: SipFile,
  { name, value, line }: ParameterEntry,
): readonly Finding[] {
  // The load has rules of its own.
  if (name === 'image_version') return []
  const [problem] = findSettingProblems({ [name]: value }, MOST_LINES)
  if (problem === undefined) return []
  const limit = findParameter(name)?.limit
  const isText = limit === undefined || limit.kind === 'text'
  return [
    finding({
      severity: 'warns',
      rule: limit === undefined ? 'sip-parameter' : 'sip-value',
      file: file.path,
      line,
      found: `${name} ${problem.message}`,
      phone: isText
        ? 'The phone passes it over or cuts it off.'
        : 'The phone refuses the value and goes on with its default.',
      remedy:
        limit === undefined ? 'Look for a spelling error in the name.' : 'Write a value in range.',
      source: SIP_PARAMETERS,
    }),
  ]
}

/** Of a 7960; which of the two models a file is for cannot be told. */
const MOST_LINES = 6

function repeated({ file, content }: SipFile): readonly Finding[] {
  const seen = new Map<string, number>()
  return content.entries.flatMap(({ name, line }) => {
    const before = seen.get(name)
    seen.set(name, line)
    if (before === undefined) return []
    return [
      finding({
        severity: 'warns',
        rule: 'sip-repeated',
        file: file.path,
        line,
        found: `${name} stands in line ${before} already`,
        phone: 'The phone takes one of the two values.',
        remedy: 'Remove one.',
        source: SIP_MESSAGES,
      }),
    ]
  })
}

function unprovisioned({ file, mac, content }: SipFile): readonly Finding[] {
  if (mac === null || namesLine(content)) return []
  return [
    finding({
      severity: 'fails',
      rule: 'sip-no-line',
      file: file.path,
      found: 'names no line (line1_name)',
      phone: 'The phone shows "Phone Unprovisioned" (W362).',
      remedy: 'Write line1_name, and its authname and password.',
      source: document5455('IP Phones go to Unprovisioned State'),
    }),
  ]
}

function namesLine({ entries }: ParameterFile): boolean {
  return entries.some(({ name, value }) => /^line[1-6]_name$/.test(name) && value !== '')
}
