import { addressIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * What the Linux kernel logs of a packet that a rule of the firewall kept back, as FireHOL, UFW and
 * hand-written rules have it written. Only those that this machine itself sent:
 *
 *     firehol: reject UNMATCHED OUT IN= OUT=br0 SRC=10.20.0.2 DST=10.20.0.61 LEN=42 … PROTO=UDP SPT=41000 DPT=50919
 *     [UFW BLOCK] IN= OUT=eth0 SRC=10.20.0.2 DST=10.20.0.61 … PROTO=UDP SPT=41000 DPT=50919
 */
export function readNetfilterLine(message: string): readonly LineEvent[] | null {
  const match =
    /^(.{0,200}?)\bIN= OUT=(?=\S).{0,200}? DST=([\d.]{7,15}) .{0,200}?PROTO=UDP SPT=\d/.exec(
      message,
    )
  if (match === null) return null
  const [, rule = '', to = ''] = match
  const client = addressIn(to)
  if (client === undefined || !/reject|drop|block|deny|denied|unmatched/i.test(rule)) return null
  const reason = `${rule.trim()} (a rule of the firewall on the server)`
  return [{ kind: 'blocked', client, name: null, by: 'filter', reason }]
}
