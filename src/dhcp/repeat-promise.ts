import type { Binding } from '../leases/binding.ts'
import { isLiveBound } from '../leases/lease-decision.ts'
import { sendOffer } from './discover.ts'
import type { DhcpEffect } from './effect.ts'
import { type Exchange, isForUs, type Tables } from './exchange.ts'
import { sendAck } from './grant-binding.ts'
import { remainingSeconds } from './lease-time.ts'
import type { ClientMessageType } from './open-exchange.ts'
import { Option } from './option-codes.ts'
import { readAddress } from './read-option.ts'
import { requestKindOf } from './request.ts'

/** A lease with less left than this is not repeated: an OFFER or ACK names whole seconds. */
const LEAST_LEFT_MS = 1000

/**
 * Answers while the lease store cannot be reached: the holder of a stored lease hears again that it
 * has its address, for the time that is left. That repeats a promise and makes none, so it is right
 * whatever another server does meanwhile: no other client gets the address before the lease ends.
 *
 * Where a later write of the lease has failed, such as a renewal that the loss of the store cut short,
 * the promise before it is repeated.
 *
 * Everything else is silence: a client without such a lease, one that asks for another address, a
 * RELEASE or DECLINE, which could not be stored. There is no NAK.
 */
export function repeatPromise(
  exchange: Exchange,
  tables: Tables,
  type: ClientMessageType,
): readonly DhcpEffect[] {
  const binding = promisedLease(exchange, tables)
  if (binding === undefined) return []
  if (type === 'discover') return offerAgain(exchange, binding)
  return type === 'request' ? confirmAgain(exchange, tables, binding) : []
}

/** The client's live lease, as it was promised. */
function promisedLease({ scope, client, nowMs }: Exchange, tables: Tables): Binding | undefined {
  const record = tables.leaseTable.recordOf(scope.name, client.key)
  const promise = record === undefined ? undefined : tables.promises.promiseOf(record)
  if (promise === undefined || !isLiveBound(promise, nowMs + LEAST_LEFT_MS)) return undefined
  return promise
}

function offerAgain(exchange: Exchange, binding: Binding): readonly DhcpEffect[] {
  const { address } = binding
  const leaseSeconds = remainingSeconds(binding, exchange.nowMs)
  return sendOffer(exchange, { address, leaseSeconds, rule: 'current' })
}

function confirmAgain(exchange: Exchange, tables: Tables, binding: Binding): readonly DhcpEffect[] {
  const { message, relay, nowMs } = exchange
  const requestKind = requestKindOf(message, relay)
  if (requestKind === null || askedAddress(exchange) !== binding.address) return []
  const serverId = readAddress(message, Option.serverIdentifier)
  if (serverId === undefined) return []
  if (serverId !== null && !isForUs(exchange, serverId, tables.isOwn(serverId))) return []
  const { address } = binding
  const leaseSeconds = remainingSeconds(binding, nowMs)
  return sendAck(exchange, { requestKind, address, leaseSeconds, isExtended: false })
}

/** The address that a REQUEST is about: option 50, or ciaddr of a client that uses it. */
function askedAddress({ message }: Exchange): number | null | undefined {
  if (message.ciaddr !== 0) return message.ciaddr
  return readAddress(message, Option.requestedAddress)
}
