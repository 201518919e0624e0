import { addressIn, nameInPath, portIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * atftpd.
 *
 *     Serving OS79XX.TXT to 10.20.0.61:50919
 *     File /srv/tftp/CTLSEP000E84C060A6.tlv not found
 *     timeout: retrying...
 *     client (10.20.0.61) not responding
 *     End of transfer
 */
export function readAtftpdLine(message: string): readonly LineEvent[] | null {
  const serving = /^Serving (\S.*) to (\S{1,64})\s*$/.exec(message)
  if (serving !== null) {
    const [, name = '', to = ''] = serving
    const client = addressIn(to)
    if (client === undefined) return null
    const port = portIn(to)
    return [{ kind: 'request', client, name, ...(port === undefined ? {} : { port }) }]
  }
  const absent = /^File (\S.*) not found\s*$/.exec(message)?.[1]
  if (absent !== undefined) return [{ kind: 'absent', client: null, name: nameInPath(absent) }]
  const silent = /^client \((\S{1,64})\) not responding\s*$/.exec(message)?.[1]
  if (silent !== undefined) {
    const client = addressIn(silent)
    return client === undefined ? null : [{ ...ENDED, client, outcome: 'unheard' }]
  }
  if (/^End of transfer\b/.test(message)) return [{ ...ENDED, client: null, outcome: 'completed' }]
  if (/^(?:Aborting transfer|thread aborting|Error code \d{1,5}: )/.test(message)) {
    return [{ ...ENDED, client: null, outcome: 'failed' }]
  }
  return SAYS_NOTHING.test(message) ? [] : null
}

const ENDED = { kind: 'ended', name: null, bytes: null } as const

const SAYS_NOTHING =
  /^(?:timeout: retry|socket may listen|Creating new socket|Server thread exiting|Advanced Trivial FTP server started|received (?:RRQ|ACK)|sent (?:DATA|OACK|ERROR)|(?:tsize|timeout|blksize|windowsize) option|will do netascii|source port mismatch|Signal \d|Fetching from |Invalid request <|atftpd terminating|Main thread exiting)/
