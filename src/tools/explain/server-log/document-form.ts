import { addressIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * The form of Cisco document 5455, sections "Enable SIP Functionality" and "TFTP Server Log of a
 * Phone Booting Up", in which our own boot log is written as well:
 *
 *     Sending 'OS79XX.TXT' file to 10.1.1.1
 *     in binary mode
 *     #
 *     Successful.
 *     Failed ( State Error ).
 */
export function readDocumentLine(message: string): readonly LineEvent[] | null {
  const request = /^(?:Sending )?'([^']{1,512})' (?:file to|asked for by) (\S{1,64})(?: |$)/.exec(
    message,
  )
  if (request !== null) {
    const [, name = '', to = ''] = request
    const client = addressIn(to)
    return client === undefined ? null : [{ kind: 'request', client, name: withZero(name) }]
  }
  if (/^(?:in (?:binary|ascii) mode|#+)$/.test(message.trim())) return []
  if (/^Failed \( File not found \)/i.test(message)) {
    return [{ kind: 'absent', client: null, name: null }]
  }
  const ending = /^(Successful|Failed)\b/.exec(message)?.[1]
  if (ending === undefined) return null
  const outcome = ending === 'Successful' ? 'completed' : 'failed'
  return [{ kind: 'ended', client: null, name: null, outcome, bytes: null }]
}

/** The document prints the letter O in image names; what phones ask for has the digit zero. */
function withZero(name: string): string {
  return /^P[0O][0OSM]3/.test(name) ? name.replace(/^PO/, 'P0').replace(/^P0O/, 'P00') : name
}
