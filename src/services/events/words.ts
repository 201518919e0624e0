import { printable } from '../printable.ts'
import type { RecordedEvent } from './journal.ts'

/**
 * What an event means to an operator, in a sentence that a terminal may show: names of files are what
 * phones say. Unknown ones keep their name.
 */
export function inWords(event: RecordedEvent): string {
  const words = SENTENCES[event.event]
  return words === undefined ? event.event : printable(words(event.fields))
}

type Fields = Readonly<Record<string, unknown>>

const SENTENCES: Readonly<Record<string, (fields: Fields) => string>> = {
  'dhcp.offer.sent': ({ address }) => `was offered ${address}`,
  'dhcp.ack.sent': ({ address, requestKind }) => `has ${address} (${requestKind})`,
  'dhcp.nak.sent': ({ address, reason }) => `was refused ${address}: ${reason}`,
  'dhcp.discover.probing': ({ address }) => `waits while ${address} is looked for on the wire`,
  'dhcp.lease.released': ({ address }) => `gave ${address} back`,
  'dhcp.address.declined': ({ address }) => `found ${address} in use by somebody else`,
  'dhcp.address.conflict': ({ address }) => `${address} is in use by somebody else`,
  'dhcp.lease.reclaimed': ({ address }) => `got ${address}, whose holder no longer answers`,
  'dhcp.discover.ignored': ({ reason }) => `asked for an address and got none: ${reason}`,
  'dhcp.request.ignored': ({ reason }) => `asked for its address and got no answer: ${reason}`,
  'tftp.transfer.started': ({ name, sizeBytes }) => `fetches ${name} (${sizeBytes} bytes)`,
  'tftp.transfer.ended': ({ name, outcome, bytes, ms, repeats }) =>
    outcome === 'complete'
      ? `has ${name}: ${bytes} bytes in ${ms} ms${repeats === 0 ? '' : `, ${repeats} repeats`}`
      : `broke off ${name} at ${bytes} bytes: ${outcome}`,
  'tftp.request.absent': ({ requestedName }) => `asked for ${requestedName}: not found`,
  'dhcp.message.ignored': ({ reason }) => `sent DHCP that nobody understands: ${reason}`,
  'dhcp.decline.ignored': ({ address, reason }) => `DECLINE of ${address} ignored: ${reason}`,
  'dhcp.release.ignored': ({ address, reason }) => `RELEASE of ${address} ignored: ${reason}`,
  'dhcp.inform.ignored': ({ reason }) => `asked for parameters and got none: ${reason}`,
  'tftp.request.ignored': ({ reason }) => `asked for a file and got no answer: ${reason}`,
  'tftp.packet.dropped': ({ reason }) => `sent a TFTP packet that moved nothing: ${reason}`,
  'tftp.request.refused': ({ requestedName, reason }) => `${requestedName} refused: ${reason}`,
  'enrol.phone.enrolled': ({ profile }) => `enrolled by itself with profile ${profile}`,
  'enrol.device.left': ({ why }) => `left alone: ${why}`,
  'enrol.phone.refused': ({ why }) => `could not be enrolled: ${why}`,
  'enrol.conversion.refused': ({ why }) => `enrolled, and not converted yet: ${why}`,
  'enrol.limit.reached': ({ why }) => `nobody is enrolled any more for now: ${why}`,
  'conversion.started': ({ from, to }) => `conversion from ${from ?? 'an unknown load'} to ${to}`,
  'conversion.stage.changed': ({ load, stage }) => `${load}: ${stage}`,
  'conversion.step.confirmed': ({ load }) => `${load} runs`,
  'conversion.confirmed': ({ to, seconds }) => `${to} has booted, ${seconds} s after the start`,
  'conversion.stalled': ({ diagnosis }) => `stalled: ${seenIn(diagnosis)}`,
  'conversion.replanned': ({ refused, steps }) =>
    `refuses ${refused}, and goes by ${Array.isArray(steps) ? steps.join(', ') : steps} instead: power-cycle it once more`,
  'conversion.resumed': ({ load }) => `goes on towards ${load}`,
  'conversion.cancelled': () => 'conversion cancelled',
  'phone.seen': ({ load, protocol, by }) =>
    `runs ${load ?? `a load of ${String(protocol).toUpperCase()}`}, by its ${by}`,
  'rollout.started': ({ rollout, to, phones }) =>
    `roll-out ${rollout} of ${phones} phones to ${to}`,
  'rollout.phone.changed': ({ rollout, state, reason }) =>
    `roll-out ${rollout}: ${state}${reason === null ? '' : ` (${reason})`}`,
  'rollout.canaries.confirmed': ({ rollout }) => `roll-out ${rollout}: all canaries are confirmed`,
  'rollout.paused': ({ rollout }) => `roll-out ${rollout} is paused`,
  'rollout.resumed': ({ rollout }) => `roll-out ${rollout} goes on`,
  'rollout.stopped': ({ rollout, reason }) => `roll-out ${rollout} is stopped: ${reason}`,
  'rollout.finished': ({ rollout, confirmed, failed, absent }) =>
    `roll-out ${rollout} is finished: ${confirmed} confirmed, ${failed} failed, ${absent} absent`,
  'audit.change': ({ action, by, address }) =>
    `${action} by ${by === 'signal' ? 'a signal' : `${address} (${by})`}`,
  'rollout.deleted': ({ rollout }) => `roll-out ${rollout} deleted`,
  'switch.port.off': ({ port }) => `${port} is off, to restart the phone`,
  'switch.port.on': ({ port }) => `${port} is on again`,
  'switch.port.stuck': ({ port, why }) => `${port} may be without power: ${why}`,
}

function seenIn(diagnosis: unknown): string {
  const known = typeof diagnosis === 'object' && diagnosis !== null && 'seen' in diagnosis
  return known ? `${diagnosis.seen}` : 'no diagnosis'
}
