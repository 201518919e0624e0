/**
 * The telnet layer of a session that wants no option: text comes out, refusals go back.
 *
 *     data byte            itself                    IAC IAC           the byte 255
 *     IAC DO option         answered IAC WONT option  IAC WONT option   nothing: it is off
 *     IAC WILL option       answered IAC DONT option  IAC DONT option   nothing: it is off
 *     IAC SB … IAC SE       dropped                   IAC anything else dropped
 *
 * An option that is refused is never negotiated again by a peer that keeps RFC 854, so the answers
 * cannot go on without end; the caller bounds the bytes of peers that do not.
 *
 * @see RFC 854, RFC 855
 */
const IAC = 255
const DONT = 254
const DO = 253
const WONT = 252
const WILL = 251
const SB = 250
const SE = 240

/** What bytes of the peer came to. */
export type TelnetRead = {
  /** One character a byte (ISO 8859-1), NUL left out: RFC 854 sends CR NUL for a bare CR. */
  readonly text: string
  /** To be sent back; empty where nothing was asked. */
  readonly reply: Uint8Array
}

type State = 'data' | 'command' | 'do' | 'will' | 'skip' | 'sub' | 'sub-command'

/** Reads what a telnet server sends; the pieces may be cut anywhere. */
export class TelnetReader {
  #state: State = 'data'

  /** @param bytes - Any bytes; no sequence of them is refused. */
  read(bytes: Uint8Array): TelnetRead {
    let text = ''
    const reply: number[] = []
    for (const octet of bytes) {
      const state = this.#state
      this.#state = NEXT[state](octet)
      if (state === 'do') reply.push(IAC, WONT, octet)
      else if (state === 'will') reply.push(IAC, DONT, octet)
      else if (isText(state, octet)) text += String.fromCharCode(octet)
    }
    return { text, reply: Uint8Array.from(reply) }
  }
}

/** A line as telnet carries it: CR LF at its end, byte 255 doubled (RFC 854). */
export function telnetLine(text: string): Uint8Array {
  const octets = [...`${text}\r\n`].flatMap((character) => {
    const octet = character.charCodeAt(0) & 0xff
    return octet === IAC ? [IAC, IAC] : [octet]
  })
  return Uint8Array.from(octets)
}

function isText(state: State, octet: number): boolean {
  if (state === 'command') return octet === IAC
  return state === 'data' && octet !== IAC && octet !== 0
}

/** The state after a byte, by the state before it. */
const NEXT: Readonly<Record<State, (octet: number) => State>> = {
  data: (octet) => (octet === IAC ? 'command' : 'data'),
  command: afterIac,
  do: () => 'data',
  will: () => 'data',
  skip: () => 'data',
  sub: (octet) => (octet === IAC ? 'sub-command' : 'sub'),
  'sub-command': (octet) => (octet === SE ? 'data' : 'sub'),
}

function afterIac(octet: number): State {
  if (octet === DO) return 'do'
  if (octet === WILL) return 'will'
  if (octet === WONT || octet === DONT) return 'skip'
  return octet === SB ? 'sub' : 'data'
}
