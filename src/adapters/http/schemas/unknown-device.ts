import Type, { type Static } from 'typebox'
import { UNSERVED_REASONS, type UnknownDevice } from '../../../services/clients/unknown-devices.ts'
import { isoTime } from '../api.ts'
import { MacOut, Nullable, OneOf, Time } from './values.ts'

/** A device that is not enrolled and was not served, as it comes out. */
export const UnknownDeviceView = Type.Object(
  {
    mac: MacOut,
    network: Nullable(Type.String({ description: 'Null if it is on none of the networks' })),
    vendorClass: Type.String({ description: 'Option 60; empty if none was seen' }),
    hostName: Type.String({ description: 'Option 12; empty if none was seen' }),
    firstSeen: Time,
    lastSeen: Time,
    count: Type.Integer({ description: 'Requests that were not served' }),
    reason: OneOf(UNSERVED_REASONS, 'Why the last of them was not served'),
  },
  { title: 'UnknownDevice' },
)

/** The same as JSON. */
export function viewUnknownDevice(device: UnknownDevice): Static<typeof UnknownDeviceView> {
  const { mac, network, vendorClass, hostName, firstSeenAtMs, lastSeenAtMs, count, reason } = device
  const times = { firstSeen: isoTime(firstSeenAtMs), lastSeen: isoTime(lastSeenAtMs) }
  return { mac, network, vendorClass, hostName, ...times, count, reason }
}
