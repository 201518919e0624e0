import { readFile } from 'node:fs/promises'
import {
  type AttachmentMode,
  SimulatedPhoneHost,
} from '../../src/adapters/udp/simulated-phone-host.ts'
import { type Mac, parseMac } from '../../src/net/mac.ts'
import type { PhoneEvent } from '../../src/simulator/events.ts'
import { replayIdentity } from '../../src/simulator/replay-identity.ts'
import { ReplayedPhone } from '../../src/simulator/replayed-phone.ts'
import { macsIn, TraceReplay, traceOf } from '../../src/simulator/trace-replay.ts'
import { readTrace, type Trace } from '../../src/wire/trace/read-trace.ts'
import { ExitCode } from '../exit-codes.ts'
import { eventAsLine } from '../simulation/event-text.ts'
import { replayData, replayText } from '../simulation/replay-report.ts'
import { reasonOf } from '../start/file-reason.ts'
import type { PlaceOptions } from './simulate-scenario.ts'

/** What `switchhook simulate --replay` is told. */
export type ReplayOptions = Pick<PlaceOptions, 'server' | 'dhcpPort' | 'tftpPort' | 'speed'> & {
  /** With DHCP there; null: files alone, from `server`. */
  readonly mode: AttachmentMode | null
  /** Takes the place of the MAC address in the trace; null: that one. */
  readonly mac: Mac | null
  readonly events: boolean
  readonly json: boolean
}

/** A phone without a lease after so long has no part in anything. */
const ADDRESS_WITHIN_MS = 60_000

/**
 * `switchhook simulate --replay TRACE`: sends the requests of a trace again, prints what was answered otherwise, and
 * ends the process: with 0 where nothing was.
 */
export async function replayTraceFile(file: string, options: ReplayOptions): Promise<void> {
  const read = await readTraceFile(file)
  if (read.kind === 'refused') return end(read.code, read.why)
  const macs = macsIn(read.trace)
  if (options.mac !== null && macs.length > 1) {
    return end(
      ExitCode.usage,
      `the trace has ${macs.length} phones: --mac works with one phone only`,
    )
  }
  const mac = options.mac ?? parseMac(macs[0] ?? '')
  if (mac === undefined) return end(ExitCode.usage, 'the trace names no MAC address: wanted --mac')
  const trace = options.mac === null ? read.trace : traceOf(read.trace, options.mac)
  await play(trace, mac, options)
}

type Read =
  | { readonly kind: 'ok'; readonly trace: Trace }
  | { readonly kind: 'refused'; readonly code: number; readonly why: string }

async function readTraceFile(file: string): Promise<Read> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return {
      kind: 'refused',
      code: ExitCode.noInput,
      why: `${file} cannot be read: ${reasonOf(error)}`,
    }
  }
  try {
    return { kind: 'ok', trace: readTrace(text) }
  } catch (error) {
    return {
      kind: 'refused',
      code: ExitCode.data,
      why: `${file} is not a trace: ${messageOf(error)}`,
    }
  }
}

async function play(trace: Trace, mac: Mac, options: ReplayOptions): Promise<void> {
  const { server, dhcpPort, tftpPort, speed, mode } = options
  const replay = new TraceReplay(trace, speed)
  let resolve: (why: string | null) => void = () => {}
  const promise = new Promise<string | null>((done) => {
    resolve = done
  })
  const onEvent = (event: PhoneEvent) => {
    if (options.events) console.error(eventAsLine(event))
    if (event.event === 'phone.replay.ended') resolve(null)
    if (event.event !== 'phone.address.taken') return
    clearTimeout(waiting)
    if (event.tftpServers.length === 0) resolve('DHCP named no TFTP server')
  }
  const host = new SimulatedPhoneHost({
    server,
    dhcpPort,
    tftpPort,
    mode: mode ?? { kind: 'direct' },
    speed,
    onEvent,
    onFault: (fault) => console.error(`simulate: ${fault.message}`),
  })
  const waiting = setTimeout(() => resolve('DHCP gave no address'), ADDRESS_WITHIN_MS)
  if (mode === null) clearTimeout(waiting)
  const stop = () => resolve(null)
  process.once('SIGINT', stop).once('SIGTERM', stop)
  let why: string | null
  try {
    await host.start()
    const identity = replayIdentity(trace, mac)
    host.plugIn(new ReplayedPhone({ identity, replay, server: mode === null ? server : null }))
    why = await promise
  } catch (error) {
    why = messageOf(error)
  }
  clearTimeout(waiting)
  process.off('SIGINT', stop).off('SIGTERM', stop)
  host.stop()
  if (why !== null) return end(ExitCode.unavailable, why)
  const { requests } = replay
  const report = options.json
    ? JSON.stringify(replayData(trace.name, requests), null, 2)
    : replayText(trace.name, requests)
  console.log(report)
  if (requests.some(({ isDifferent }) => isDifferent)) process.exitCode = ExitCode.no
}

function end(code: number, why: string): void {
  console.error(`simulate: ${why}`)
  process.exitCode = code
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`
}
