import { type IncomingMessage, request } from 'node:http'
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { MAX_PAGE_BYTES } from '../../phones/phone-page.ts'

/** Which page is asked for. */
export type PageRequest = {
  readonly address: Ipv4
  /** 80 on phones. */
  readonly port: number
  readonly path: string
  /** Ours on the phone's network; null: whichever the system chooses. */
  readonly localAddress: Ipv4 | null
}

/** What came of it. */
export type PageAnswer =
  | { readonly kind: 'page'; readonly bytes: Uint8Array }
  /** A web server answered with another status than 200; a redirect is not followed. */
  | { readonly kind: 'status'; readonly status: number }
  | {
      readonly kind: 'closed'
      readonly reason: 'refused' | 'timed-out' | 'too-large' | 'unreadable' | 'unreachable'
    }

/** From the first byte that leaves to the last one that comes, in milliseconds. */
const PAGE_TIMEOUT_MS = 3_000

/** Header fields of these phones have 150 bytes. */
const MAX_HEADER_BYTES = 8_192

/** Interim responses (RFC 9110 section 15.2) that are put up with. */
const MAX_INTERIM = 4

/**
 * Asks a phone for one page: HTTP/1.1, one connection, closed after the answer. Loads before 7.1(1)
 * restart under many connections, and a 7940 no longer answers after many of HTTP/1.0.
 *
 * It never rejects, ends after 3 s, and keeps 64 KiB at most, whatever answers.
 *
 * @param timeoutMs - For tests.
 */
export function fetchPhonePage(
  page: PageRequest,
  timeoutMs = PAGE_TIMEOUT_MS,
): Promise<PageAnswer> {
  return new Promise((resolve) => {
    const { address, port, path, localAddress } = page
    const asked = request({
      host: formatIpv4(address),
      port,
      path,
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headers: { 'user-agent': 'switchhook', accept: 'text/xml, text/html', connection: 'close' },
      ...(localAddress === null ? {} : { localAddress: formatIpv4(localAddress) }),
    })
    const end = (answer: PageAnswer) => {
      clearTimeout(timer)
      resolve(answer)
      asked.destroy()
    }
    const timer = setTimeout(() => end({ kind: 'closed', reason: 'timed-out' }), timeoutMs)
    let interim = 0
    asked.on('information', () => {
      interim++
      if (interim > MAX_INTERIM) end({ kind: 'closed', reason: 'unreadable' })
    })
    // After the end a socket may still fail, which does not matter.
    asked.on('error', (error) => end({ kind: 'closed', reason: reasonOf(error) }))
    asked.on('response', (response) => readBody(response, end))
    asked.end()
  })
}

function readBody(response: IncomingMessage, end: (answer: PageAnswer) => void): void {
  const { statusCode: status = 0 } = response
  if (status !== 200) {
    end({ kind: 'status', status })
    return
  }
  const parts: Uint8Array[] = []
  let bytes = 0
  response.on('data', (part: Uint8Array) => {
    bytes += part.length
    if (bytes > MAX_PAGE_BYTES) end({ kind: 'closed', reason: 'too-large' })
    else parts.push(part)
  })
  response.on('error', () => end({ kind: 'closed', reason: 'unreadable' }))
  response.on('end', () => end({ kind: 'page', bytes: Buffer.concat(parts) }))
}

function reasonOf(error: Error): 'refused' | 'unreadable' | 'unreachable' {
  const code = 'code' in error ? `${error.code}` : ''
  if (code === 'ECONNREFUSED') return 'refused'
  // Those of the parser, and a connection that was reset in the midst of an answer.
  return code.startsWith('HPE_') || code === 'ECONNRESET' ? 'unreadable' : 'unreachable'
}
