import type { Subnet } from '../../net/subnet.ts'
import type { HallOrder, HallReport } from '../../tftp/hall-order.ts'
import type { HallSettings } from '../../tftp/transfer-hall.ts'
import type { SocketChoice } from './choose-sockets.ts'
import type { TransferSocketSettings } from './transfer-sockets.ts'

/** What a thread that runs transfers is started with. */
export type HallData = {
  readonly settings: HallSettings
  readonly sockets: TransferSocketSettings & { readonly choice: SocketChoice }
  /** To be added to the machine's monotonic clock, in milliseconds, for the time of the engines. */
  readonly clockOffsetMs: number
}

/** What the main thread says to it. */
export type ToHall =
  | { readonly kind: 'order'; readonly order: HallOrder }
  | { readonly kind: 'client-subnets'; readonly clientSubnets: readonly Subnet[] }

/** What it says to the main thread. */
export type FromHall =
  /** Its sockets are open. */
  | { readonly kind: 'opened' }
  | { readonly kind: 'report'; readonly report: HallReport }
  | { readonly kind: 'fault'; readonly message: string }

/** The monotonic clock that all threads of the machine share, in milliseconds. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
