import { addressIn, nameInPath, portIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * Open TFTP Server (Windows and Linux). It writes one line a request, when that has ended.
 *
 *     Client 10.20.0.61:50919 C:\tftp\OS79XX.TXT, 1 Blocks Served
 *     Client 10.20.0.61:50920 C:\tftp\CTLSEP000E84C060A6.tlv, File not found or No Access
 *     Client 10.20.0.61:50921 C:\tftp\P0S3-8-12-00.sb2, Timeout
 */
export function readOpenTftpLine(message: string): readonly LineEvent[] | null {
  const match = /^Client (\S{1,64}?)(?: (\S[^,]{0,511}))?, (\S.{0,255}?)\s*$/.exec(message)
  if (match === null) return null
  const [, from = '', path, said = ''] = match
  const [client, port] = [addressIn(from), portIn(from)]
  if (client === undefined || port === undefined) return null
  if (path === undefined) return []
  const about = { client, port, name: nameInPath(path) }
  const request = { kind: 'request', ...about } as const
  if (/^file not found/i.test(said)) return [request, { kind: 'absent', ...about }]
  const outcome = OUTCOMES.find(([words]) => words.test(said))?.[1] ?? 'failed'
  return [request, { kind: 'ended', ...about, outcome, bytes: null }]
}

const OUTCOMES = [
  [/^\d{1,10} blocks served/i, 'completed'],
  [/^timeout/i, 'unheard'],
] as const
