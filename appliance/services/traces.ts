import type { TimelineEntry, TraceService } from '../../src/adapters/http/services.ts'
import type { Mac } from '../../src/net/mac.ts'
import { bootLog } from '../boot-log.ts'
import type { End } from '../capture/captured.ts'
import type { DhcpRecording } from '../capture/dhcp-recording.ts'
import { phoneCapture } from '../capture/phone-capture.ts'
import { tftpPackets } from '../capture/tftp-packets.ts'
import type { Journal, RecordedEvent } from '../journal.ts'
import { inWords } from '../words.ts'

/** More than ten ladders of a phone; older entries are in the event list. */
const MAX_ENTRIES = 2_000

/** Where packets of a phone come from. */
export type PacketParts = {
  readonly recording: Pick<DhcpRecording, 'of'>
  /** Our end of TFTP on a network, by its name. */
  readonly tftpOn: (network: string | null) => End
}

/** What is known of what a phone did. */
export function traceService(
  journal: Journal,
  isEnrolled: (mac: Mac) => boolean,
  { recording, tftpOn }: PacketParts,
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
