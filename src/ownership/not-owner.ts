/** Why writes were refused: another appliance serves these networks now. Nothing of them was stored. */
export class NotOwner extends Error {
  readonly networks: readonly string[]

  constructor(networks: readonly string[]) {
    super(`another appliance serves ${networks.join(', ')} now`)
    this.name = 'NotOwner'
    this.networks = networks
  }
}
