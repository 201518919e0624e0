import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Command } from 'commander'
import { type ExplainedPhone, explainPhones } from '../../src/tools/explain/explain-phones.ts'
import { isTooLittle, type LinesRead, linesInWords } from '../../src/tools/explain/lines-read.ts'
import { LARGEST_TRACE_BYTES, readTrace } from '../../src/tools/explain/read-trace.ts'
import type { ServerEvent } from '../../src/tools/explain/server-log/server-event.ts'
import { phoneInWords } from '../../src/tools/explain/tell-phone.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'

type ExplainOptions = { readonly json?: boolean; readonly phoneSpeed: string }

/** `switchhook explain`: what happened on somebody else's server, phone by phone. */
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
        'The type of a file is detected by its content: pcap, pcapng; logs of tftpd-hpa, atftpd, dnsmasq, ISC\n' +
        'dhcpd, Kea, Tftpd64, PumpKIN, debug tftp of Cisco IOS, the form of Cisco document 5455, events and\n' +
        'traces of switchhook; all of them also compressed with gzip, and logs as syslog, journalctl, logread of OpenWrt,\n' +
        'OPNsense and pfSense write them.\n\n' +
        'Verdicts: healthy, converting, stalled (with a diagnosis), other-device, unknown.\n\n' +
        'Exits with 1 if a phone has stalled, with 65 if the type of a file is unknown or too little of it\n' +
        'was understood, with 66 if a file cannot be read.',
    )
    .action(runExplain)
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: 21 on 2026-11-30, when the limit came; to be split
async function runExplain(files: readonly string[], options: ExplainOptions): Promise<void> {
  const speed = Number(options.phoneSpeed)
  if (!(speed >= 1 && speed <= FASTEST)) {
    return refuse(`--phone-speed is a number from 1 to ${FASTEST}`, ExitCode.usage)
  }
  const events: ServerEvent[] = []
  const logs: { readonly file: string; readonly read: LinesRead }[] = []
  for (const [nth, file] of files.entries()) {
    const bytes = await readWhole(file)
    if (typeof bytes === 'string') return refuse(`${file}: ${bytes}`, ExitCode.noInput)
    const trace = readTrace(bytes, { year: new Date().getUTCFullYear(), nth })
    if (trace.kind === 'unknown') return refuse(`${file}: ${trace.fault}`, ExitCode.data)
    for (const note of trace.notes) console.error(`explain: ${file}: ${note}`)
    if (trace.read !== null) logs.push({ file, read: trace.read })
    if (events.length + trace.events.length > MOST_TOGETHER) {
      return refuse(
        `${file}: exceeds the limit of ${MOST_TOGETHER} events for all files; give fewer files`,
        ExitCode.data,
      )
    }
    // Not by spreading: a long log has more events than a call takes arguments.
    for (const event of trace.events) events.push(event)
  }
  const phones = explainPhones(events, { speed })
  const lines = logs.map(({ file, read }) => linesInWords(file, read))
  const thin = logs.filter(({ read }) => isTooLittle(read, phones.length > 0))
  if (options.json === true) {
    console.log(JSON.stringify(phones, null, 2))
    for (const line of lines) console.error(`explain: ${line}`)
  } else console.log([inWords(phones, thin.length > 0), ...lines].join('\n\n'))
  if (phones.some(({ verdict }) => verdict === 'stalled')) process.exitCode = ExitCode.no
  for (const { file } of thin) refuse(`${file}: ${TOO_LITTLE}`, ExitCode.data)
}

/** As `conversions.phoneSpeed` of the appliance. */
const FASTEST = 50

const TOO_LITTLE =
  'too little of it was understood for a verdict. Give the log as its server writes it, or a capture'

/** Things of all files together, which are held in memory to be put in the order of time. */
const MOST_TOGETHER = 2_000_000

function inWords(phones: readonly ExplainedPhone[], isThin: boolean): string {
  if (phones.length === 0 && isThin) return 'The lines that were understood mention no phone.'
  if (phones.length === 0) return 'No phone requested anything here.'
  return phones.map(phoneInWords).join('\n\n')
}

/** The octets of a file, or what is wrong with it. A device or a pipe has no end to wait for. */
async function readWhole(file: string): Promise<Uint8Array | string> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const status = await handle.stat()
      if (!status.isFile()) return 'is not a regular file'
      if (status.size <= LARGEST_TRACE_BYTES) return await handle.readFile()
      return `has ${status.size} bytes; the limit is ${LARGEST_TRACE_BYTES}. Split or filter it`
    } finally {
      await handle.close()
    }
  } catch (error) {
    return reasonOf(error)
  }
}

function refuse(words: string, code: number): void {
  console.error(`explain: ${words}`)
  process.exitCode = code
}
