/**
 * Text from outside as it may stand on a terminal: control characters, and those that turn or hide
 * text, become question marks, so that a file name cannot write lines of its own.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?')
}
