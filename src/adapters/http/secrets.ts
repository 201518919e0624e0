import { quotedText, xmlText } from '../../phones/config-files/phone-text.ts'

const SECRET_NAME = /passw|passphrase|secret|encrypt_key/i

/** Shorter texts may stand anywhere by chance. */
const SHORTEST_KNOWN = 4

/** What stands in a shown file where a secret is in the real one. */
const MASK = '********'

/** Whether a parameter of this name holds a secret (`line1_password`, `phone_password`). */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}

/** Parts parameters that may be shown from the names of those that must not. */
export function partSecrets(parameters: Readonly<Record<string, string>>): {
  readonly shown: Readonly<Record<string, string>>
  readonly secretNames: readonly string[]
} {
  const entries = Object.entries(parameters)
  return {
    shown: Object.fromEntries(entries.filter(([name]) => !isSecretName(name))),
    secretNames: entries.map(([name]) => name).filter(isSecretName),
  }
}

/** Recorded fields without those whose name says that they hold a secret, at any depth. */
export function dropSecretFields(
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !isSecretName(name))
      .map(([name, value]) => [name, isRecord(value) ? dropSecretFields(value) : value]),
  )
}

/**
 * A configuration file as it may be shown: in a flat file the value of every parameter with a
 * secret's name, in an XML file the text of every element with one, becomes asterisks. A known
 * secret is masked wherever else it stands.
 *
 * @param content - Left as it is. What is no configuration file comes back unchanged.
 * @param known - Secrets of this phone. Those below 4 characters are masked by name only, because
 *   such a text may stand anywhere by chance.
 */
export function maskSecrets(
  name: string,
  content: Uint8Array,
  known: readonly string[],
): Uint8Array {
  if (!/\.(?:cnf|xml|txt|dat)$/i.test(name)) return content
  // Latin-1 keeps every byte, so that what is not masked stays byte for byte.
  let text = Buffer.from(content).toString('latin1')
  text = text.replace(FLAT_SECRET, `$1"${MASK}"`).replace(XML_SECRET, `$1${MASK}$3`)
  for (const secret of known) {
    for (const form of spellingsOf(secret)) text = text.replaceAll(form, MASK)
  }
  return Buffer.from(text, 'latin1')
}

// Names are bounded, so that a line of nothing but `passw` costs no more than any other.
const FLAT_SECRET =
  /^([ \t]*\w{0,64}(?:passw|passphrase|secret|encrypt_key)\w{0,64}[ \t]*:[ \t]*)[^\r\n]*/gim
const XML_SECRET = /(<(\w{0,64}(?:passw|passphrase|secret)\w{0,64})\b[^<>]*>)[^<]*(<\/\2>)/gi

/** A secret as it may stand in a file: in UTF-8, as phones read it, and with XML's references. */
function spellingsOf(secret: string): string[] {
  const xml = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
  const inUtf8 = [secret, xml].map((form) => Buffer.from(form, 'utf8').toString('latin1'))
  const asWritten = [quotedText(secret), xmlText(secret)]
  return [...new Set([...inUtf8, ...asWritten])].filter((form) => form.length >= SHORTEST_KNOWN)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
