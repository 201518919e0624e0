import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { SocketNews } from './application/effect.ts'
import type { PhoneEffect } from './effect.ts'

/**
 * A phone without sockets, as the owner of the sockets sees it: each method takes the time in milliseconds and
 * returns what the caller must do, in order.
 */
export interface PhoneEngine {
  readonly mac: Mac
  /** The address that the phone uses now; null for none. */
  readonly address: Ipv4 | null
  /** A wall adapter feeds it, whatever its switch does. */
  readonly hasOwnPower: boolean
  powerOn(nowMs: number): PhoneEffect[]
  reset(nowMs: number): PhoneEffect[]
  factoryReset(nowMs: number): PhoneEffect[]
  checkSync(nowMs: number): PhoneEffect[]
  powerOff(): PhoneEffect[]
  onDhcp(bytes: Uint8Array, nowMs: number): PhoneEffect[]
  onTftp(transferId: number, bytes: Uint8Array, fromPort: number, nowMs: number): PhoneEffect[]
  onSocket(news: SocketNews, nowMs: number): PhoneEffect[]
  onWake(nowMs: number): PhoneEffect[]
}
