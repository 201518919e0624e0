/** Why a message got no answer. Stable: counters, logs and tests ask for these. */
export type DropReason =
  /** `op` is not BOOTREQUEST (RFC 2131 section 2). */
  | 'not-a-request'
  /** Our own look for other servers came back to us. */
  | 'own-probe'
  /** No option 53, or none of the values that a client may send (RFC 2131 section 3). */
  | 'no-message-type'
  /** No hardware address and no client identifier, or one that is longer than it may be. */
  | 'no-identity'
  /** An option that the message turns on has an impossible length. */
  | 'malformed-option'
  /** Option 50, 54 or ciaddr is missing where this message needs it (RFC 2131 table 5). */
  | 'no-address'
  /** giaddr cannot be a relay agent's address. */
  | 'bad-giaddr'
  /** No network is configured for where the message came from. */
  | 'no-scope'
  /** Link selection or option 118 names a subnet that we do not serve, or not this way. */
  | 'unknown-link'
  /** Not an enrolled phone, and the network admits no others. */
  | 'not-enrolled'
  /** An enrolled phone, but of another network. */
  | 'enrolled-elsewhere'
  /** Not a phone, and the network admits no others. */
  | 'not-a-phone'
  /** Meant for another server (option 54). */
  | 'other-server'
  /** We have no record of the client, and the network is not authoritative. */
  | 'unknown-client'
  /** An address that another appliance of ours may have leased: it answers. */
  | 'left-to-peer'
  /** A RELEASE or DECLINE of an address that is not this client's. */
  | 'not-the-holder'
  /** A RELEASE or DECLINE that names its holder, but comes from where the holder cannot be. */
  | 'wrong-origin'
  /** An INFORM from an address outside the network. */
  | 'wrong-network'
  /** Nothing free to offer. */
  | 'pool-exhausted'
  /** Every address tried was found in use; the client will ask again. */
  | 'all-in-use'
  /** Another DHCP server is on the network, or we are still looking. */
  | 'rogue-server'
