import type { Conversion } from '../../conversion/conversion.ts'
import type { Mac } from '../../net/mac.ts'
import type { End } from '../capture/captured.ts'
import type { DhcpRecording } from '../capture/dhcp-recording.ts'
import { phoneCapture } from '../capture/phone-capture.ts'
import { tftpPackets } from '../capture/tftp-packets.ts'
import { bootLog } from '../events/boot-log.ts'
import type { Journal } from '../events/journal.ts'
import { inWords } from '../events/words.ts'
import type { RecordedEvent, TimelineEntry, TraceService } from '../services.ts'
import { phoneTrace } from './phone-trace.ts'

/** More than ten long upgrade paths of a phone; older entries are in the event list. */
const MAX_ENTRIES = 2_000

/** Where packets of a phone come from. */
export type PacketParts = {
  readonly recording: Pick<DhcpRecording, 'of'>
  /** This appliance, as `site/name`; empty where it is the only one. */
  readonly here: string
  /** Our end of TFTP on a network, by its name. */
  readonly tftpOn: (network: string | null) => End
}

/** Which events of a phone. */
export type NewestOfPhone = { readonly mac: Mac; readonly limit: number; readonly sinceMs?: number }

/** Where the last conversion of a phone is known. */
export type ConversionParts = {
  readonly conversion: (mac: Mac) => Conversion | undefined
  readonly model: (mac: Mac) => string | null
  /** The newest events of a phone, of all appliances and the store's included, oldest first. */
  readonly newest: (query: NewestOfPhone) => Promise<readonly RecordedEvent[]>
  readonly version: () => string
}

/** More than the longest plan makes; a phone that loops fills the rest, and the newest count. */
const MAX_TRACE_EVENTS = 5_000

/** What is known of what a phone did. */
export function traceService(
  journal: Journal,
  isEnrolled: (mac: Mac) => boolean,
  { recording, here, tftpOn, conversion, model, newest, version }: PacketParts & ConversionParts,
): TraceService {
  const eventsOf = (mac: Mac) => newest({ mac, limit: MAX_ENTRIES })
  return {
    timeline: async (mac) => (isEnrolled(mac) ? (await eventsOf(mac)).map(entryOf) : undefined),
    bootLog: async (mac) => (isEnrolled(mac) ? bootLog(await eventsOf(mac)) : undefined),
    capture: (mac) => {
      if (!isEnrolled(mac)) return undefined
      // The packets of DHCP are of this appliance since its start, and so are those of TFTP.
      const own = journal.recent().filter((event) => event.mac === mac)
      const tftp = tftpPackets(own.slice(-MAX_ENTRIES), tftpOn)
      return phoneCapture(mac, here, { dhcp: recording.of(mac), tftp })
    },
    conversionTrace: async (mac) => {
      const last = isEnrolled(mac) ? conversion(mac) : undefined
      if (last === undefined) return undefined
      const { startedAtMs: sinceMs } = last
      const events = await newest({ mac, sinceMs, limit: MAX_TRACE_EVENTS })
      return phoneTrace({ conversion: last, events, model: model(mac), version: version() })
    },
  }
}

function entryOf(recorded: RecordedEvent): TimelineEntry {
  const { atMs, event, fields, appliance } = recorded
  const where = appliance === undefined ? {} : { appliance }
  return { atMs, ...where, source: sourceOf(event), event, text: inWords(recorded), fields }
}

function sourceOf(event: string): TimelineEntry['source'] {
  if (event.startsWith('dhcp.')) return 'dhcp'
  if (event.startsWith('audit.')) return 'operator'
  return event.startsWith('tftp.') ? 'tftp' : 'conversion'
}
