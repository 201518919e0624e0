/**
 * Counts the tests in the output of tap: what a test file calls `t.test`, four blanks deep. A file
 * that failed without a failed test (it crashed, it hung) counts as one that failed.
 *
 * @param {string} output - TAP, one top-level line a test file.
 * @returns {{ passed: number, failed: number, leftOut: string[] }} `leftOut` is what files say in a
 *   comment `# left out: …`, each once: what they could not do on this machine.
 */
export function countTests(output) {
  let passed = 0
  let failed = 0
  /** Failures of the file whose line comes behind its tests, or came before them with a brace. */
  let failedInFile = 0
  let openFile = null
  const leftOut = new Set()
  for (const line of output.split('\n')) {
    const [, reason] = /^\s*# left out: (.+)$/.exec(line) ?? []
    if (reason !== undefined) leftOut.add(reason)
    const result = /^( {4})?(not )?ok \d+(.*)$/.exec(line)
    if (line === '}' && openFile !== null) {
      if (openFile.isFailed && failedInFile === 0) failed++
      openFile = null
      failedInFile = 0
    }
    if (result === null || /# (?:SKIP|TODO)\b/i.test(result[3])) continue
    const isFailed = result[2] !== undefined
    if (result[1] !== undefined) {
      if (isFailed) failedInFile++
      if (isFailed) failed++
      else passed++
    } else if (result[3].endsWith('{')) {
      openFile = { isFailed }
    } else {
      if (isFailed && failedInFile === 0) failed++
      failedInFile = 0
    }
  }
  return { passed, failed, leftOut: [...leftOut] }
}

/** Lines of a report that a reader can follow. */
const MAX_LINES = 400

/**
 * What failed: every `not ok` with its diagnosis, that of a file behind those of its tests.
 *
 * @param {string} output - TAP, one top-level line a test file.
 * @returns {string[]} At most 400 lines.
 */
export function failuresIn(output) {
  const lines = []
  let diagnosis = null
  for (const line of output.split('\n')) {
    const depth = line.length - line.trimStart().length
    if (/^ *not ok /.test(line)) {
      lines.push(line)
      diagnosis = depth + 2
    } else if (diagnosis !== null && depth >= diagnosis) {
      lines.push(line)
    } else if (line !== '') {
      diagnosis = null
    }
  }
  return lines.slice(0, MAX_LINES)
}
