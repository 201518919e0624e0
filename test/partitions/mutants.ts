import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../support/source-files.ts'
import type { Invariant } from './breaches.ts'

/** A bug that is planted into a copy of the built program, and what finds it. */
export type Mutant = {
  readonly name: string
  readonly what: string
  /**
   * A piece of the built program that is there exactly once, but for white space and the kind of
   * quotes: a mutant of something else would prove nothing.
   */
  readonly original: string
  readonly planted: string
  /** Faults that bring it out soon; with all of them it takes longer. */
  readonly faults: readonly string[]
  /** Whether it shows in phones and roll-outs alone. */
  readonly needsPhones?: boolean
  /** One of these must be found broken. */
  readonly caughtBy: readonly Invariant[]
}

/** The bugs, each of which must be found. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'no-token-check',
    what: 'a write is stored no matter which appliance owns the network',
    original:
      'WHERE (network, token) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) FOR KEY SHARE',
    planted:
      'WHERE network IN (SELECT n FROM unnest($1::text[], $2::uuid[]) AS u (n, t)) FOR KEY SHARE',
    faults: ['cut-database-to', 'freeze-long'],
    caughtBy: ['I3'],
  },
  {
    name: 'update-for-lock',
    what: 'a takeover locks the row as an UPDATE does, and waits for no write that is under way',
    original: 'owner IS NOT DISTINCT FROM $5\n    FOR UPDATE)',
    planted: 'owner IS NOT DISTINCT FROM $5)',
    faults: ['blocked-commit'],
    caughtBy: ['I3'],
  },
  {
    name: 'writer-holds-no-lock',
    what: 'a write reads the token and holds nothing while it is made',
    original: '$2::uuid[])) FOR KEY SHARE)',
    planted: '$2::uuid[])))',
    faults: ['blocked-commit'],
    caughtBy: ['I3'],
  },
  {
    name: 'error-from-follower',
    what: 'a follower answers ERROR 1 where it must be silent',
    original: "authorityOf(network.name, nowMs) === 'full'",
    planted: "authorityOf(network.name, nowMs) !== ''",
    faults: ['cut-peers', 'hand-over'],
    caughtBy: ['I5'],
  },
  {
    name: 'nak-while-away',
    what: 'an owner that is cut off goes on as if it were not',
    original: "if (opened.authority === 'repeat')",
    planted: 'if (false)',
    faults: ['cut-database'],
    caughtBy: ['I4'],
  },
  {
    name: 'sure-for-ever',
    what: 'an owner is sure however long it has not heard from PostgreSQL',
    original: 'if (silentForMs < sureForMs(this.#timing))',
    planted: 'if (silentForMs >= 0)',
    faults: ['cut-database'],
    caughtBy: ['I1', 'I4', 'I5'],
  },
  {
    name: 'ack-before-commit',
    what: 'an ACK does not wait for PostgreSQL',
    original: 'await this.#ports.commit(group.flatMap(({ changes }) => changes));',
    planted: 'void this.#ports.commit(group.flatMap(({ changes }) => changes)).catch(() => {});',
    faults: ['cut-database', 'database-freeze'],
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'repeats-what-waits',
    what: 'an owner that is cut off repeats leases that were never stored',
    original: 'if (!this.#pending.has(address))',
    planted: 'if (true)',
    faults: ['cut-database-to', 'database-freeze'],
    caughtBy: ['I1', 'I2'],
  },
  {
    name: 'warning-as-success',
    what: 'a cancelled wait for the standby is taken as a commit',
    original: 'if (sent.warning === null)',
    planted: 'if (true)',
    faults: ['failover-cancelled'],
    caughtBy: ['I1', 'I2', 'I7'],
  },
  {
    name: 'takes-without-reading',
    what: 'a new owner serves without the leases of the one before',
    original: 'accept(network, loaded);',
    planted: '',
    faults: ['kill', 'hand-over'],
    caughtBy: ['I1', 'I2', 'I4'],
  },
  {
    name: 'never-takes-over',
    what: 'a follower never takes the network from an owner that is dead',
    original: 'return unchangedForMs >= this.#timing.takeoverAfterMs',
    planted: 'return false',
    faults: ['kill'],
    caughtBy: ['I9'],
  },
  {
    name: 'takes-over-late',
    what: 'a follower waits seven times as long as it should before it takes over',
    original: 'return unchangedForMs >= this.#timing.takeoverAfterMs',
    planted: 'return unchangedForMs >= this.#timing.takeoverAfterMs * 7',
    faults: ['kill'],
    caughtBy: ['I9'],
  },
  {
    name: 'answers-late',
    what: 'answers that waited too long behind a commit are sent all the same (R3)',
    original: 'if (sinceMs >= oldestMs)',
    planted: 'if (true)',
    faults: ['freeze-both-in-commit'],
    caughtBy: ['I5'],
  },
  {
    name: 'numbers-again',
    what: 'a start gives its events numbers that were given before',
    original: 'this.#newestId = newestId;',
    planted: 'this.#newestId = Math.max(0, newestId - 5);',
    faults: ['kill', 'stop'],
    caughtBy: ['I8'],
  },
  {
    name: 'misses-one-of-others',
    what: 'who follows events misses the next one of the other appliance each time',
    original: "'event.id > w.after'",
    planted: "'event.id > w.after + 1'",
    faults: ['hand-over', 'cut-peers'],
    caughtBy: ['I8'],
  },
  {
    name: 'save-unseen',
    what: 'an edit is stored without a look at the version that it was checked at',
    original: 'SET version = version + 1 WHERE version = $1 RETURNING version',
    planted: 'SET version = version + 1 WHERE $1::bigint IS NOT NULL RETURNING version',
    faults: ['freeze-short', 'slow-commits'],
    caughtBy: ['I7'],
  },
  {
    name: 'wave-without-bound',
    what: 'a roll-out starts all phones behind the canaries',
    original: 'let room = waveSize - phones.filter(isUnderWay).length',
    planted: 'let room = phones.length - phones.filter(isUnderWay).length',
    faults: ['hand-over', 'cut-peers'],
    needsPhones: true,
    caughtBy: ['I7'],
  },
  {
    name: 'files-for-unknown',
    what: 'an unknown device gets the files of an enrolled phone',
    original: 'const answer = isWaiting ? SILENCE : other;',
    planted: `const taken = this.#view.filesOf('02000000A001', 0x0a140002)?.find(requestedName);
      const answer = taken === undefined ? other
        : { kind: 'file', name: taken.name, file: taken.value.file, mac: null };`,
    faults: ['hand-over', 'cut-peers'],
    needsPhones: true,
    caughtBy: ['I6'],
  },
]

/** @throws Where there is none of the name. */
export function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.name === name)
  if (found === undefined) {
    const names = MUTANTS.map((mutant) => mutant.name).join(' ')
    throw new Error(`no mutant is called ${name}: ${names}`)
  }
  return found
}

/** Text of the built program, by the name of its file. */
export type BuiltFile = { readonly name: string; readonly text: string }

/**
 * The file with the bug in it.
 *
 * @throws Where the original is not there, or more than once: the program has changed, and the mutant
 *   must follow.
 */
export function plantIn(
  files: readonly BuiltFile[],
  { name, original, planted }: Mutant,
): BuiltFile {
  const pattern = patternOf(original)
  const found = files.flatMap((file) => [...file.text.matchAll(pattern)].map(() => file))
  const [file] = found
  if (file === undefined || found.length > 1) {
    throw new Error(`${name}: its original is there ${found.length} times and not once`)
  }
  return { name: file.name, text: file.text.replace(pattern, () => planted) }
}

/** The files of the built program. */
export function builtFiles(dist: string): readonly BuiltFile[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.startsWith('dashboard'))
    .map((name) => ({ name, text: readFileSync(join(dist, name), 'utf8') }))
}

/** A copy of the built program with the bug in it; `remove` takes it away. */
export function buildMutant(mutant: Mutant) {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-mutant-'))
  const remove = () => rmSync(dir, { recursive: true, force: true })
  const dist = join(dir, 'dist')
  try {
    cpSync(join(ROOT, 'dist'), dist, { recursive: true })
    cpSync(join(ROOT, 'package.json'), join(dir, 'package.json'))
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
    const { name, text } = plantIn(builtFiles(dist), mutant)
    writeFileSync(join(dist, name), text)
  } catch (error) {
    remove()
    throw error
  }
  return { main: join(dist, 'appliance/main.js'), remove }
}

function patternOf(original: string): RegExp {
  const escaped = original.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(escaped.replaceAll(/\s+/g, '\\s+').replaceAll(/['"]/g, `['"]`), 'g')
}
