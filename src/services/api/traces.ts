import type { Conversion } from '../../conversion/conversion.ts'
import type { Mac } from '../../net/mac.ts'
import type { End } from '../capture/captured.ts'
import type { DhcpRecording } from '../capture/dhcp-recording.ts'
import { phoneCapture } from '../capture/phone-capture.ts'
import { tftpPackets } from '../capture/tftp-packets.ts'
import { bootLog } from '../events/boot-log.ts'
import type { Journal, RecordedEvent } from '../events/journal.ts'
import { inWords } from '../events/words.ts'
import type { TimelineEntry, TraceService } from '../services.ts'
import { phoneTrace } from './phone-trace.ts'

/** More than ten long upgrade paths of a phone; older entries are in the event list. */
const MAX_ENTRIES = 2_000

/** Where packets of a phone come from. */
export type PacketParts = {
  readonly recording: Pick<DhcpRecording, 'of'>
  /** Our end of TFTP on a network, by its name. */
  readonly tftpOn: (network: string | null) => End
}

/** Where the last conversion of a phone is known. */
export type ConversionParts = {
  readonly conversion: (mac: Mac) => Conversion | undefined
  readonly model: (mac: Mac) => string | null
  /** The newest events of a phone, the store's included, oldest first. */
  readonly newest: (mac: Mac, limit: number) => Promise<readonly RecordedEvent[]>
  readonly version: () => string
}

/** More than the longest plan makes; a phone that loops fills the rest, and the newest count. */
const MAX_TRACE_EVENTS = 5_000

/** What is known of what a phone did. */
export function traceService(
  journal: Journal,
  isEnrolled: (mac: Mac) => boolean,
  { recording, tftpOn, conversion, model, newest, version }: PacketParts & ConversionParts,
): TraceService {
  const eventsOf = (mac: Mac) =>
    journal
      .recent()
      .filter((event) => event.mac === mac)
      .slice(-MAX_ENTRIES)
  return {
    timeline: (mac) => (isEnrolled(mac) ? eventsOf(mac).map(entryOf) : undefined),
    bootLog: (mac) => (isEnrolled(mac) ? bootLog(eventsOf(mac)) : undefined),
    capture: (mac) => {
      if (!isEnrolled(mac)) return undefined
      return phoneCapture(mac, recording.of(mac), tftpPackets(eventsOf(mac), tftpOn))
    },
    conversionTrace: async (mac) => {
      const last = isEnrolled(mac) ? conversion(mac) : undefined
      if (last === undefined) return undefined
      const all = await newest(mac, MAX_TRACE_EVENTS)
      const events = all.filter(({ atMs }) => atMs >= last.startedAtMs)
      return phoneTrace({ conversion: last, events, model: model(mac), version: version() })
    },
  }
}

function entryOf(recorded: RecordedEvent): TimelineEntry {
  const { atMs, event, fields } = recorded
  return { atMs, source: sourceOf(event), event, text: inWords(recorded), fields }
}

function sourceOf(event: string): TimelineEntry['source'] {
  if (event.startsWith('dhcp.')) return 'dhcp'
  if (event.startsWith('audit.')) return 'operator'
  return event.startsWith('tftp.') ? 'tftp' : 'conversion'
}
