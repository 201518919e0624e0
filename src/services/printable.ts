/**
 * Text from outside as it may stand on a terminal: control characters, and those that turn or hide
 * text, become question marks, so that a file name cannot write lines of its own.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?')
}

/** The same for JSON text: there such a character stands within a string, and is escaped. */
export function printableJson(json: string): string {
  // Line ends are those of the text; within strings they are escaped already.
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
