import type { SimulatedPhoneLink } from './simulated-phone-link.ts'

/** No DHCP at all: phones that are told their server ask it from whatever address this machine has. */
export class SimulatedDirectLink implements SimulatedPhoneLink {
  async open(): Promise<void> {}

  send(): void {}

  takeAddress(): void {}

  unplug(): void {}

  dropAddress(): void {}

  close(): void {}
}
