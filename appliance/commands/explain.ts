import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { Command } from 'commander'
import { EventStore } from '../../src/tools/explain/event-store.ts'
import { type ExplainedEntry, explainEach } from '../../src/tools/explain/explain-phones.ts'
import { isTooLittle, type LinesRead, linesInWords } from '../../src/tools/explain/lines-read.ts'
import { LINES_AT_ENDS, phoneInWords } from '../../src/tools/explain/phone-text.ts'
import {
  LARGEST_TRACE_BYTES,
  readTrace,
  type TraceContext,
} from '../../src/tools/explain/read-trace.ts'
import type { ByteSource } from '../../src/tools/explain/text-lines.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'

type ExplainOptions = { readonly json?: boolean; readonly phoneSpeed: string }

/** `switchhook explain`: what happened on another server, phone by phone. */
export function defineExplainCommand(command: Command): void {
  command
    .argument('<FILE...>', 'logs and captures; give those of one place and time together')
    .option('--json', 'print the phones as JSON')
    .option(
      '--phone-speed <TIMES>',
      'the phones were simulated and ran this many times faster than real ones',
      '1',
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook explain /var/log/syslog\n' +
        '  switchhook explain dhcp.log tftp.log --json\n' +
        '  tcpdump -i eth0 -w phones.pcap udp    # while a phone boots; then\n' +
        '  switchhook explain phones.pcap\n\n' +
        'The type of a file is detected by its content: pcap, pcapng; logs of tftpd-hpa, BSD tftpd, atftpd, dnsmasq, ISC\n' +
        'dhcpd, Kea, Tftpd64, PumpKIN, Open TFTP Server, debug tftp of Cisco IOS, the form of document 5455, events and\n' +
        'traces of switchhook; all of them also compressed with gzip, and logs as syslog, journalctl, logread of OpenWrt,\n' +
        'OPNsense and pfSense write them.\n\n' +
        'Verdicts: healthy, converting, stalled (with a diagnosis), other-device, unknown.\n\n' +
        'Exits with 1 if a phone has stalled, with 65 if the type of a file is unknown or too little of it\n' +
        'was understood, with 66 if a file cannot be read.',
    )
    .action(runExplain)
}

async function runExplain(files: readonly string[], options: ExplainOptions): Promise<void> {
  const speed = Number(options.phoneSpeed)
  if (!(speed >= 1 && speed <= FASTEST)) {
    return refuse(`--phone-speed is a number from 1 to ${FASTEST}`, ExitCode.usage)
  }
  const store = new EventStore()
  const logs: Log[] = []
  for (const [nth, file] of files.entries()) {
    if (!readFile(file, { nth, store, year: new Date().getUTCFullYear() }, logs)) return
  }
  const isJson = options.json === true
  const results = isJson
    ? printJson(explainEach(store, { speed }))
    : printWords(explainEach(store, { speed, ends: LINES_AT_ENDS }))
  if (results.isStalled) process.exitCode = ExitCode.no
  report(logs, results, isJson)
}

/** What share of the logs was understood, and where that was too little. */
function report(logs: readonly Log[], { phones }: Printed, isJson: boolean): void {
  const thin = logs.filter(({ read }) => isTooLittle(read, phones > 0))
  if (!isJson && phones === 0) console.log(nobody(thin.length > 0))
  for (const { file, read } of logs) {
    const line = linesInWords(file, read)
    if (isJson) console.error(`explain: ${line}`)
    else console.log(`\n${line}`)
  }
  for (const { file } of thin) refuse(`${file}: ${TOO_LITTLE}`, ExitCode.data)
}

type Log = { readonly file: string; readonly read: LinesRead }

/** Reads one file; false where the command ends because of it. */
function readFile(file: string, context: TraceContext, logs: Log[]): boolean {
  const opened = openFile(file)
  if (typeof opened === 'string') {
    refuse(`${file}: ${opened}`, ExitCode.noInput)
    return false
  }
  try {
    const trace = readTrace(opened.source, context)
    if (trace.kind === 'unknown') {
      refuse(`${file}: ${trace.fault}`, ExitCode.data)
      return false
    }
    for (const note of trace.notes) console.error(`explain: ${file}: ${note}`)
    if (trace.read !== null) logs.push({ file, read: trace.read })
    return true
  } catch (error) {
    refuse(`${file}: ${reasonOf(error)}`, ExitCode.noInput)
    return false
  } finally {
    opened.close()
  }
}

/** What was printed of all phones. */
type Printed = { readonly phones: number; readonly isStalled: boolean }

/** A phone at a time: all of them at once would not fit where a log is large. */
function printWords(results: Iterable<ExplainedEntry>): Printed {
  let [phones, isStalled] = [0, false]
  for (const one of results) {
    console.log(`${phones === 0 ? '' : '\n'}${phoneInWords(one)}`)
    phones++
    isStalled ||= one.phone.verdict === 'stalled'
  }
  return { phones, isStalled }
}

function printJson(results: Iterable<ExplainedEntry>): Printed {
  let [phones, isStalled] = [0, false]
  let line = '['
  for (const { phone } of results) {
    if (phones > 0) line += ','
    console.log(line)
    line = JSON.stringify(phone, null, 2).replace(/^/gm, '  ')
    phones++
    isStalled ||= phone.verdict === 'stalled'
  }
  console.log(phones === 0 ? '[]' : `${line}\n]`)
  return { phones, isStalled }
}

/** As `conversions.phoneSpeed` of the appliance. */
const FASTEST = 50

const TOO_LITTLE =
  'too little of it was understood for a verdict. Give the log as its server writes it, or a capture'

function nobody(isThin: boolean): string {
  return isThin
    ? 'The lines that were understood mention no phone.'
    : 'No phone requested anything here.'
}

type Opened = { readonly source: ByteSource; readonly close: () => void }

/** A file that is read piece by piece, or what is wrong with it. A device or a pipe has no end to wait for. */
function openFile(file: string): Opened | string {
  try {
    const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const close = () => closeSync(handle)
    const status = fstatSync(handle)
    const fault = status.isFile() ? faultOfSize(status.size) : 'is not a regular file'
    if (fault !== null) {
      close()
      return fault
    }
    return { source: sourceOf(handle, status.size), close }
  } catch (error) {
    return reasonOf(error)
  }
}

function faultOfSize(size: number): string | null {
  if (size <= LARGEST_TRACE_BYTES) return null
  return `has ${size} bytes; the limit is ${LARGEST_TRACE_BYTES}. Split or filter it`
}

/** One buffer for all pieces: each would be garbage that V8 sees too late. */
function sourceOf(handle: number, sizeBytes: number): ByteSource {
  const piece = Buffer.allocUnsafe(LARGEST_PIECE_BYTES)
  return {
    sizeBytes,
    read: (at, length) =>
      readAt(
        handle,
        at,
        length > piece.length ? Buffer.allocUnsafe(length) : piece.subarray(0, length),
      ),
  }
}

const LARGEST_PIECE_BYTES = 64 * 1024

function readAt(handle: number, at: number, bytes: Buffer): Uint8Array {
  const { length } = bytes
  let read = 0
  while (read < length) {
    const more = readSync(handle, bytes, read, length - read, at + read)
    if (more === 0) break
    read += more
  }
  return bytes.subarray(0, read)
}

function refuse(words: string, code: number): void {
  console.error(`explain: ${words}`)
  process.exitCode = code
}
