import type { SipMessage } from './message.ts'

/**
 * Encodes a message as one UDP payload, freshly allocated. The caller keeps line ends out of its
 * texts and names the length of the body; the layout is drawn in `decode-message.ts`.
 *
 * @see RFC 3261 section 7
 */
export function encodeMessage(message: SipMessage): Uint8Array {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const fields = message.headers.map(({ name, value }) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`${start}\r\n${fields.join('')}\r\n`, 'latin1')
  return Buffer.concat([head, message.body])
}
