import { addressIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * atftpd.
 *
 *     Serving OS79XX.TXT to 10.20.0.61:50919
 *     File /srv/tftp/CTLSEP000E84C060A6.tlv not found
 *     End of transfer
 */
export function readAtftpdLine(message: string): readonly LineEvent[] | null {
  const serving = /^Serving (\S.*) to (\S{1,64})\s*$/.exec(message)
  if (serving !== null) {
    const [, name = '', to = ''] = serving
    const client = addressIn(to)
    return client === undefined ? null : [{ kind: 'request', client, name }]
  }
  if (/^File \S.* not found\s*$/.test(message))
    return [{ kind: 'absent', client: null, name: null }]
  if (!/^End of transfer\b/.test(message)) return null
  return [{ kind: 'ended', client: null, name: null, outcome: 'completed', bytes: null }]
}
