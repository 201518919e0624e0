import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { countTests, failuresIn } from './count-tests.mjs'

const BATCH = [
  '--max-semi-space-size=32',
  '--import=./test/runner/load-typescript.mjs',
  'test/runner/batch.mjs',
]
/** How often a run that prints nothing else says where it is. */
const PROGRESS_EVERY_MS = 10_000
const SLOWEST = 10
/** How much longer than tap the runner waits: tap says what a test hangs on. */
const GRACE_S = 10

/**
 * Runs test files in processes of their own, several side by side, and prints where it is: a line
 * every ten seconds, what failed as soon as it has, the ten slowest files at the end.
 *
 * @param {string} name - What the whole is called in the output.
 * @param {readonly { files: readonly string[], weight?: number, command?: readonly string[], env?: object }[]} batches
 *   In the order in which they start. `weight` is how many of the `width` places a batch takes, 1 if
 *   left out; one of `width` has the machine to itself. `command` stands before that of Node.
 * @param {{ width: number, fileTimeoutS: number, isRunAgain?: boolean, print?: (line: string) => void }} limits -
 *   `width` is how many places there are. With `isRunAgain`, a batch that failed beside others is run once
 *   more by itself, what it says then counts, and the output names it either way: such tests wait for
 *   programs of other people, and a crowded machine makes those late.
 * @returns {Promise<{ passed: number, failed: number, leftOut: string[] }>}
 */
export async function runFiles(name, batches, limits) {
  const { width, fileTimeoutS, isRunAgain = false, print = console.log } = limits
  const run = {
    name,
    total: batches.flatMap(({ files }) => files).length,
    files: [],
    failed: 0,
    print,
  }
  const progress = setInterval(() => print(progressOf(run)), PROGRESS_EVERY_MS)
  const start = (batch) => runBatch(batch, fileTimeoutS, run)
  const outputs = await inPlaces(batches, width, start)
  const isCrowded = isRunAgain && batches.length > 1
  const last = isCrowded ? await runAgain(outputs, start, print) : outputs
  clearInterval(progress)
  printSlowest(run)
  const counts = last.map(countsOf)
  return {
    passed: sum(counts.map(({ passed }) => passed)),
    failed: sum(counts.map(({ failed }) => failed)),
    leftOut: [...new Set(counts.flatMap(({ leftOut }) => leftOut))],
  }
}

/** Runs what failed once more, one after another, and says how each ended. */
async function runAgain(outputs, start, print) {
  const last = []
  for (const output of outputs) {
    if (countsOf(output).failed === 0) {
      last.push(output)
      continue
    }
    const again = await start(output.batch)
    const files = output.batch.files.join(' ')
    const end = countsOf(again).failed === 0 ? 'passed by itself' : 'failed by itself too'
    print(`failed beside others, ${end}: ${files}`)
    last.push(again)
  }
  return last
}

/** Starts the next as soon as there is room for it; a heavy one is not overtaken by those behind it. */
async function inPlaces(batches, width, start) {
  const results = []
  const running = new Set()
  let used = 0
  for (const batch of batches) {
    const weight = Math.min(batch.weight ?? 1, width)
    while (used + weight > width) await Promise.race(running)
    used += weight
    const done = start(batch).then((result) => {
      results.push(result)
      running.delete(done)
      used -= weight
    })
    running.add(done)
  }
  await Promise.all(running)
  return results
}

/** One process. It is ended when none of its files has come to an end for `fileTimeoutS`. */
async function runBatch(batch, fileTimeoutS, run) {
  const { files, command = [], env = {} } = batch
  const [program, ...args] = [...command, process.execPath, ...BATCH, ...files]
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Without a terminal of its own, tap prints plain TAP.
    env: { ...process.env, TAP_TIMEOUT: String(fileTimeoutS), ...env },
  })
  let watchdog
  const watch = () => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => child.kill('SIGKILL'), (fileTimeoutS + GRACE_S) * 1000)
  }
  watch()
  const ended = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? code)),
  )
  const lines = []
  let ofFile = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    ofFile.push(line)
    const [, not, file, ms] = /^(not )?ok \d+ - (\S+) # time=([\d.]+)ms/.exec(line) ?? []
    if (file === undefined) continue
    watch()
    onFile(run, { file, ms: Number(ms), isFailed: not !== undefined, lines: ofFile })
    ofFile = []
  }
  const end = await ended
  clearTimeout(watchdog)
  const text = lines.join('\n')
  const isCut = files.length > countOf(text)
  if (isCut) run.print(`not finished: ${files.slice(countOf(text)).join(' ')} (${end})`)
  const endedBadly = end !== 0 && countTests(text).failed === 0
  if (endedBadly && !isCut) run.print(`ended with ${end} after its last test: ${files.join(' ')}`)
  if (isCut || endedBadly) for (const line of ofFile.slice(-40)) run.print(line)
  return { batch, text, hasCrashed: isCut || endedBadly }
}

function onFile(run, { file, ms, isFailed, lines }) {
  run.files.push({ file, ms })
  if (!isFailed) return
  run.failed++
  for (const line of failuresIn(lines.join('\n'))) run.print(line)
}

function countOf(text) {
  return text.match(/^(?:not )?ok \d+ /gm)?.length ?? 0
}

/** A process that ended badly without a failed test is one failure. */
function countsOf({ text, hasCrashed }) {
  const counted = countTests(text)
  return hasCrashed ? { ...counted, failed: counted.failed + 1 } : counted
}

function progressOf({ name, files, total, failed }) {
  return `${name}: ${files.length} of ${total} files, ${failed} failed`
}

function printSlowest({ name, files, total, print }) {
  if (total <= SLOWEST) return
  const slowest = files.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST)
  print(`${name}: the slowest files`)
  for (const { file, ms } of slowest) print(`${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`)
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
