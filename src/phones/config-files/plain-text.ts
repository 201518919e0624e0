/**
 * A value as it may stand between quotes in a SIP configuration file: without the characters that
 * could end the value or the line. Settings with such characters are refused when they come in;
 * this is the second lock on the same door.
 */
export function plainValue(text: string): string {
  let plain = ''
  for (const character of text) {
    if (!isLineBreaking(character) && character !== '"') plain += character
  }
  return plain
}

/** Whether a character is a control character or a Unicode line separator. */
export function isLineBreaking(character: string): boolean {
  const code = character.codePointAt(0) as number
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029
}

/** Text for an XML element or attribute: markup characters escaped, control characters dropped. */
export function xmlText(text: string): string {
  let escaped = ''
  for (const character of text) {
    if (!isLineBreaking(character)) escaped += XML_ESCAPES[character] ?? character
  }
  return escaped
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
