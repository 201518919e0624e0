import type { Mac } from '../../src/net/mac.ts'
import type {
  BootEnd,
  BootingPhone,
  BootStep,
  FileReply,
  WantedFile,
} from '../../src/simulator/boot-sequences/boot-step.ts'
import { bootSequence } from '../../src/simulator/phone-boot.ts'
import { flashRunning, type PhoneFlash } from '../../src/simulator/phone-flash.ts'
import {
  DEFAULT_BEHAVIOUR,
  type PhoneBehaviour,
  type PhoneQuirks,
  quirksOf,
} from '../../src/simulator/phone-quirks.ts'
import { timingOf } from '../../src/simulator/phone-timing.ts'
import { PseudoRandom } from '../../src/simulator/pseudo-random.ts'

/** The phone of all boot tests. */
export const BOOT_MAC = '000E84C060A6' as Mac

/** Names to contents; a name that is missing is answered by ERROR 1. */
export type FileTable = ReadonlyMap<string, Uint8Array | string | FileReply>

/** A table of what is written out; sets of firmware can be spread into it. */
export function aTable(
  files: Readonly<Record<string, string | FileReply>>,
  ...sets: FileTable[]
): FileTable {
  return new Map([...Object.entries(files), ...sets.flatMap((set) => [...set])])
}

type Behaving = { readonly behaviour?: PhoneBehaviour }

/** A phone about to boot, running `load` or with the given flash. */
export function aBootingPhone(
  load: string | PhoneFlash,
  quirks: Partial<PhoneQuirks> = {},
  { behaviour = DEFAULT_BEHAVIOUR, ...rest }: Partial<BootingPhone> & Behaving = {},
): BootingPhone {
  return {
    mac: BOOT_MAC,
    model: '7960',
    flash: typeof load === 'string' ? flashRunning(load) : load,
    quirks: { ...quirksOf(behaviour), ...quirks },
    timing: timingOf(behaviour),
    random: new PseudoRandom(1),
    hasTftpServer: true,
    isFactoryNew: false,
    wantedLoad: null,
    failedLoad: null,
    ...rest,
  }
}

/** What happened in a boot. */
export type PlayedBoot = {
  /** Requested names in order; those asked for at once are joined by ` + `. */
  readonly requests: readonly string[]
  readonly screens: readonly string[]
  readonly refusals: readonly string[]
  /** Waits longer than that between two requests. */
  readonly pausesMs: readonly number[]
  readonly written: readonly string[]
  readonly flash: PhoneFlash
  /** Ends that the phone reached and went on from. */
  readonly ranMeanwhile: readonly BootEnd[]
  /** Null where the boot was still going on after `maxSteps`. */
  readonly end: BootEnd | null
}

/** Plays one boot against a table of files; a function as table may change its mind. */
export function playBoot(
  phone: BootingPhone,
  files: FileTable | (() => FileTable),
  maxSteps = 500,
): PlayedBoot {
  const table = typeof files === 'function' ? files : () => files
  const requests: string[] = []
  const steps: BootStep[] = []
  let replies: readonly FileReply[] = []
  let end: BootEnd | null = null
  const sequence = bootSequence(phone)
  for (let count = 0; count < maxSteps; count++) {
    const result = sequence.next(replies)
    if (result.done) {
      end = result.value
      break
    }
    steps.push(result.value)
    replies = []
    if (result.value.kind === 'ask') {
      requests.push(result.value.files.map(({ name }) => name).join(' + '))
      replies = result.value.files.map((file) => replyFrom(table(), file))
    }
  }
  const news = steps.flatMap((step) => (step.kind === 'report' ? [step.news] : []))
  return {
    requests,
    screens: news.flatMap((item) => (item.event === 'phone.screen' ? [item.text] : [])),
    refusals: news.flatMap((item) => (item.event === 'phone.image.refused' ? [item.reason] : [])),
    written: news.flatMap((item) => (item.event === 'phone.flash.written' ? [item.name] : [])),
    pausesMs: steps.flatMap((step) =>
      step.kind === 'pause' && step.pauseMs !== phone.timing.nextRequestMs ? [step.pauseMs] : [],
    ),
    flash: steps.findLast((step) => step.kind === 'write')?.flash ?? phone.flash,
    ranMeanwhile: steps.flatMap((step) => (step.kind === 'running' ? [step.end] : [])),
    end,
  }
}

function replyFrom(table: FileTable, { name, maxBytes }: WantedFile): FileReply {
  const content = table.get(name)
  if (content === undefined) return { kind: 'absent' }
  if (typeof content === 'object' && 'kind' in content) return content
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return bytes.length > maxBytes ? { kind: 'failed', reason: 'too-long' } : { kind: 'file', bytes }
}
