import { type Finding, finding } from '../finding.ts'
import type { XmlElement } from '../read-xml.ts'
import type { ReadXml, RootView } from '../root-view.ts'
import { DIAL_PLANS, SIP_MESSAGES } from '../sources.ts'

/** Dial plans that a phone cannot read, and rules that match nothing that can be dialled. */
export function findDialPlanFaults(view: RootView): readonly Finding[] {
  const named = templatesNamed(view)
  const names = new Set(['dialplan.xml', ...named.map(({ name }) => name)])
  return [
    ...view.otherXml.filter(({ file }) => names.has(file.path)).flatMap(faultsOfPlan),
    ...named.filter(({ name }) => !view.anyCase.has(name.toLowerCase())).map(absent),
  ]
}

type NamedTemplate = { readonly name: string; readonly file: string; readonly line: number }

/** `dial_template` names the file without its extension. */
function templatesNamed({ sip }: RootView): readonly NamedTemplate[] {
  return sip.flatMap(({ file, content }) =>
    content.entries
      .filter(({ name, value }) => name === 'dial_template' && value !== '')
      .map(({ value, line }) => ({
        name: `${value.replace(/^(?:\.?\/)+|\.xml$/gi, '')}.xml`,
        file: file.path,
        line,
      })),
  )
}

function absent({ name, file, line }: NamedTemplate): Finding {
  return finding({
    severity: 'warns',
    rule: 'dial-plan-absent',
    file,
    line,
    found: `names the dial plan ${name}, which is not here`,
    phone: 'The phone waits for "Dial" or "#" after each number.',
    remedy: 'Write the dial plan, or clear dial_template.',
    source: DIAL_PLANS,
  })
}

function faultsOfPlan({ file, document }: ReadXml): readonly Finding[] {
  const { elements, fault } = document
  const [root, ...rules] = elements
  const isWhole = root?.isClosed === true && root.name.toUpperCase() === 'DIALTEMPLATE'
  if (fault !== null || !isWhole) {
    const found =
      fault === null
        ? 'has no whole <DIALTEMPLATE> element'
        : `is no well-formed XML: ${fault.fault}`
    return [unreadable(file.path, fault?.line ?? null, found)]
  }
  return rules.flatMap((rule) => faultsOfRule(file.path, rule))
}

function unreadable(file: string, line: number | null, found: string): Finding {
  return finding({
    severity: 'warns',
    rule: 'dial-plan',
    file,
    line,
    found,
    phone: 'The phone shows W330 and waits for "Dial" or "#" after each number.',
    remedy: 'Write a whole file, or remove it.',
    source: SIP_MESSAGES,
  })
}

function faultsOfRule(file: string, rule: XmlElement): readonly Finding[] {
  const { line } = rule
  if (rule.name.toUpperCase() !== 'TEMPLATE') {
    return [ofRule(file, line, `holds <${rule.name}>, which is no TEMPLATE`, UNKNOWN)]
  }
  const attributes = new Map(
    Object.entries(rule.attributes).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const pattern = faultOfPattern(attributes.get('match'))
  const values = VALUES.flatMap(({ name, pattern: right, wanted }) => {
    const value = attributes.get(name.toLowerCase())
    if (value === undefined || right.test(value)) return []
    return [ofRule(file, line, `${name} is "${value.slice(0, 32)}"; ${wanted} is wanted`, UNKNOWN)]
  })
  const unknown = [...attributes.keys()].filter((name) => !ATTRIBUTES.has(name))
  return [
    ...(pattern === undefined ? [] : [ofRule(file, line, pattern, NEVER)]),
    ...values,
    ...unknown.map((name) => ofRule(file, line, `${name} is no part of a rule`, UNKNOWN)),
  ]
}

/**
 * The phone knows `.` for any character, `*` for one or more, `,` for a second dial tone. All else stands for
 * itself, as do letters.
 */
function faultOfPattern(match: string | undefined): string | undefined {
  if (match === undefined || match === '') return 'has no MATCH, so that no number fits'
  const shown = `MATCH="${match.slice(0, 48)}"`
  const foreign = FOREIGN.exec(match)?.[0]
  if (foreign !== undefined) {
    return `${shown} has "${foreign}", which stands for itself and cannot be dialled`
  }
  const letter = WILDCARD_ELSEWHERE.exec(match)?.[1]
  if (letter === undefined) return undefined
  return `${shown} has "${letter}", which stands for that letter: a period is any digit`
}

/** Ranges and marks of Asterisk, CallManager, IOS and other phones. */
const FOREIGN = /[[\](){}|!?^$<>:;_]|@$/
/** X, N, Z, T and x as those write any digit; letters are in a pattern for addresses alone. */
const WILDCARD_ELSEWHERE = /^[0-9#.*,+]*([XNZT]|[xnz](?![a-z]*[a-wy-z]{2}))/

const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['match', 'timeout', 'user', 'rewrite', 'route', 'tone', 'line'],
])

const VALUES = [
  { name: 'Timeout', pattern: /^\d{1,3}$/, wanted: 'a number of seconds' },
  { name: 'User', pattern: /^(?:ip|phone)$/i, wanted: 'IP or Phone' },
  { name: 'Rewrite', pattern: /^(?:[^%]|%[0-5s%.])*$/i, wanted: '%s or %0 to %5 after each "%"' },
] as const

const NEVER =
  'No number fits this rule; the phone waits for "Dial" or "#", or another rule is used.'
const UNKNOWN = 'The phone passes it over, or the whole rule.'

function ofRule(file: string, line: number, found: string, phone: string): Finding {
  return finding({
    severity: 'warns',
    rule: 'dial-plan-rule',
    file,
    line,
    found,
    phone,
    remedy:
      'Write digits, "#" and letters as they are dialled, "." for any one, "*" for one or more.',
    source: DIAL_PLANS,
  })
}
