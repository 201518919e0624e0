// Two appliances on one VLAN and PostgreSQL under faults, again and again, and whether they kept
// their word: npm run partitions -- --help. Needs root and the built program.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findPostgres } from '../support/postgres-cluster.ts'
import { MAIN } from '../system/support/appliance-process.ts'
import { lackingForLab } from '../system/support/lab.ts'
import { faultNamed } from './faults.ts'
import { buildMutant, MUTANTS, type Mutant, mutantNamed } from './mutants.ts'
import { HELP, type Options, readOptions } from './options.ts'
import { makeSite, removeSite } from './site.ts'

const HARNESS = fileURLToPath(new URL('./harness.ts', import.meta.url))

/** `sysexits.h`: something that is needed is not there. */
const UNAVAILABLE = 69

/** Rounds within which a mutant must be found. */
const MUTANT_ROUNDS = 12

/** A run that is told to end finishes its round, and no other run begins. */
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => (isInterrupted = true))

// A reader that leaves, such as `head`, leaves the clearing up to us all the same.
process.stdout.on('error', () => {})
const args = process.argv.slice(2)
process.exitCode = await main(readOptions(args))

async function main(options: Options): Promise<number> {
  if (options.isHelp) {
    console.log(HELP)
    return 0
  }
  const lacking =
    lackingForLab(['ip', 'nft', 'setpriv', 'strace']) || (findPostgres() ? '' : 'PostgreSQL')
  const [word, ...names] = options.words
  if (lacking !== '') {
    console.log(`left out: two appliances under faults (not here: ${lacking})`)
    console.log('0 passed, 0 failed')
    return word === 'short' ? 0 : UNAVAILABLE
  }
  if (word === 'mutants') return runMutants(names.length > 0 ? names.map(mutantNamed) : MUTANTS)
  if (word === 'short') return runShort()
  if (options.mutant === null) return (await runOnce(args, MAIN)).code
  return (await runWith(mutantNamed(options.mutant), args)).code
}

/** Each bug must be found, by an invariant that it breaks. */
async function runMutants(mutants: readonly Mutant[]): Promise<number> {
  return exitCodeOf(mutants.length, await countMissed(mutants))
}

async function countMissed(mutants: readonly Mutant[]): Promise<number> {
  let missed = 0
  for (const mutant of mutants) if (isInterrupted || !(await isCaught(mutant))) missed++
  return missed
}

/** Prints what it came to. */
function exitCodeOf(runs: number, failed: number): number {
  console.log(`${runs - failed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

async function isCaught(mutant: Mutant): Promise<boolean> {
  const { name, what, faults, caughtBy } = mutant
  const beganAtMs = Date.now()
  const few = ['--rounds', `${MUTANT_ROUNDS}`, '--faults', faults.join(','), '--mutant', name]
  const needsStandby = faults.some((fault) => faultNamed(fault).needsStandby === true)
  const phones = mutant.needsPhones === true ? [] : ['--no-phones']
  const harnessArgs = [...few, ...phones, ...(needsStandby ? ['--standby'] : [])]
  const { code, output } = await runWith(mutant, harnessArgs)
  const found = [...new Set(output.match(/(?<=^violation: )I\d/gm) ?? [])]
  const isRight = code === 1 && caughtBy.some((invariant) => found.includes(invariant))
  const rounds = output.match(/^round /gm)?.length ?? 0
  const seconds = Math.round((Date.now() - beganAtMs) / 1000)
  const by = found.length === 0 ? 'nothing' : found.join(' ')
  const outcome = isRight ? 'caught' : 'NOT CAUGHT'
  console.log(`${outcome}: ${name} (${what}), by ${by} in round ${rounds}, ${seconds} s`)
  return isRight
}

/** The form for a build server: each fault once, two clusters, and two bugs. */
async function runShort(): Promise<number> {
  const { code } = await runOnce(['--standby', '--rounds', '28', '--minutes', '5'], MAIN)
  const mutants = ['error-from-follower', 'takes-without-reading'].map(mutantNamed)
  const failed = (code === 0 ? 0 : 1) + (await countMissed(mutants))
  return exitCodeOf(1 + mutants.length, failed)
}

async function runWith(mutant: Mutant, harnessArgs: readonly string[]) {
  const built = buildMutant(mutant)
  try {
    return await runOnce(harnessArgs, built.main)
  } finally {
    built.remove()
  }
}

/** One run in namespaces of its own: its exit code, and what it printed. */
async function runOnce(harnessArgs: readonly string[], main: string) {
  const run = `shp${process.pid.toString(36)}`
  try {
    const site = makeSite(run)
    const command = [process.execPath, ...process.execArgv, HARNESS, run, main, ...harnessArgs]
    const inClients = ['netns', 'exec', site.clients, ...command]
    const child = spawn('ip', inClients, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (text: Buffer) => {
      output += text
      process.stdout.write(text)
    })
    const pass = () => child.kill('SIGTERM')
    process.once('SIGINT', pass)
    process.once('SIGTERM', pass)
    await once(child, 'close')
    process.off('SIGINT', pass)
    process.off('SIGTERM', pass)
    return { code: child.exitCode ?? 70, output }
  } finally {
    removeSite(run)
  }
}
