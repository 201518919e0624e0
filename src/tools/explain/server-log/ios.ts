import { addressIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * `debug tftp events` and `debug tftp packets` of Cisco IOS, the name of the facility taken off. The
 * client is named once, and the lines after that are about it.
 *
 *     Server request for port 50919, socket_id 0x71523394 for process 334
 *     read request from host 10.2.10.11(50919) via GigabitEthernet0/0.302
 *     Looking for CTLSEP000E84C060A6.tlv
 *     Opened flash:SIPDefault.cnf, fd 9, size 271 for process 334
 *     Sending error 1 No such file
 *     Finished flash:SIPDefault.cnf, time 00:00:01 for process 334
 */
export function readIosLine(message: string): readonly LineEvent[] | null {
  const bare = message.replace(/^TFTP: /, '')
  const from = /^read request from host ([\d.]{7,15})\((\d{1,5})\)/i.exec(bare)
  if (from !== null) {
    const client = addressIn(from[1] as string)
    const port = Number(from[2])
    return client === undefined ? null : [{ kind: 'client', client, port }]
  }
  const name = /^Looking for (\S{1,512})\s*$/.exec(bare)?.[1]
  if (name !== undefined) return [{ kind: 'request', client: null, name }]
  if (/^Sending error 1\b/.test(bare)) return [{ kind: 'absent', client: null, name: null }]
  if (/^Sending error \d/.test(bare)) return [{ ...ENDED, outcome: 'failed' }]
  if (/^Finished \S/.test(bare)) return [{ ...ENDED, outcome: 'completed' }]
  return SAYS_NOTHING.test(bare) ? [] : null
}

const ENDED = { kind: 'ended', client: null, name: null, bytes: null } as const

const SAYS_NOTHING =
  /^(?:%[A-Z][A-Z0-9_]{1,40}-\d-[A-Z0-9_]{1,40}: |Server request for port \d|Opened \S|Sending block \d|Received ACK\b|Sending OACK|tftpserver|TFTP_SERVER)/
