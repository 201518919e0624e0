import type { Ipv4 } from '../../net/ipv4.ts'

/** A way to ask who uses an address. Answers come by the callback that it was made with. */
export interface ProbeWire {
  /** @throws `SystemCallError` where the question cannot be sent. */
  ask(address: Ipv4): void
  close(): void
}
