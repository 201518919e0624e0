import type { EntryProblem } from './inventory-outcome.ts'

const LONGEST_NAME = 128
const MAX_FILE_BYTES = 32 * 1024 * 1024

/**
 * What is wrong with a shared file. Which names could convert a phone is not asked here: whoever
 * serves decides that.
 */
export function findFileProblems(name: string, content: Uint8Array): EntryProblem[] {
  const problems: EntryProblem[] = []
  const parts = name.split('/')
  const isPath = parts.every((part) => part !== '' && part !== '.' && part !== '..')
  // What a phone can ask for and any file system can hold: no drive letters, no backslashes.
  if (
    !isPath ||
    name.length > LONGEST_NAME ||
    !/^[!-~](?:[ -~]*[!-~])?$/.test(name) ||
    /[\\:]/.test(name)
  ) {
    const message = `must be a relative path of printable ASCII, at most ${LONGEST_NAME} characters, without "..", backslash or colon`
    problems.push({ path: '/name', message })
  }
  if (content.length > MAX_FILE_BYTES) {
    const message = `${content.length} bytes; the limit is ${MAX_FILE_BYTES}`
    problems.push({ path: '', message })
  }
  return problems
}
