import { addressIn, portIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * PumpKIN (Windows and macOS). It says "finished" of a file, of an ERROR and of a transfer that timed
 * out alike, so that only what lasted is taken for a file.
 *
 *     'SIPDefault.cnf' of type 'octet' is requested from 10.20.0.61:49841
 *     I'm already processing the request from 10.20.0.61:49841
 *     Connection timeout for 'SIPDefault.cnf'
 *     Aborting transfer of 'SIPDefault.cnf' ⬆
 *     Error 0:TFTP Aborted
 *     ⬆ Transfer of 'SIPDefault.cnf' finished.
 */
export function readPumpkinLine(message: string): readonly LineEvent[] | null {
  const request = /^'([^']{1,512})' of type '[^']{0,20}' is requested from (\S{1,64})\s*$/.exec(
    message,
  )
  if (request !== null) {
    const [, name = '', from = ''] = request
    const [client, port] = [addressIn(from), portIn(from)]
    if (client === undefined) return null
    return [{ kind: 'request', client, name, ...(port === undefined ? {} : { port }) }]
  }
  const again = /^I'm already processing the request from (\S{1,64})\s*$/.exec(message)?.[1]
  if (again !== undefined) {
    const [client, port] = [addressIn(again), portIn(again)]
    if (client === undefined || port === undefined) return null
    return [{ kind: 'repeated', client, port }]
  }
  return readEnd(message)
}

function readEnd(message: string): readonly LineEvent[] | null {
  const silent = /^Connection timeout for '([^']{1,512})'\s*$/.exec(message)?.[1]
  if (silent !== undefined) {
    return [{ kind: 'ended', client: null, name: silent, outcome: 'unheard', bytes: null }]
  }
  const broken = /^(?:Aborting transfer of '([^']{1,512})'|Error \d{1,5}:)/.exec(message)
  if (broken !== null) {
    const name = broken[1] ?? null
    return [{ kind: 'ended', client: null, name, outcome: 'failed', bytes: null }]
  }
  const over = /^(?:\S{1,4} )?Transfer of '([^']{1,512})' (?:has )?finished\.?\s*$/.exec(message)
  if (over === null) return null
  return [{ kind: 'over', client: null, name: over[1] as string }]
}
