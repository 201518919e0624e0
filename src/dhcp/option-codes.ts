/** Codes of the options that the engine itself reads or writes. */
export const Option = {
  /** RFC 2132 section 3.3. */
  subnetMask: 1,
  /** RFC 2132 section 3.5. */
  router: 3,
  /** RFC 2132 section 3.14. */
  hostName: 12,
  /** RFC 2132 section 9.1. */
  requestedAddress: 50,
  /** RFC 2132 section 9.2. */
  leaseTime: 51,
  /** RFC 2132 section 9.3. */
  overload: 52,
  /** RFC 2132 section 9.6. */
  messageType: 53,
  /** RFC 2132 section 9.7. */
  serverIdentifier: 54,
  /** RFC 2132 section 9.8. */
  parameterRequestList: 55,
  /** RFC 2132 section 9.9. */
  message: 56,
  /** RFC 2132 section 9.10. */
  maxMessageSize: 57,
  /** RFC 2132 section 9.11. */
  renewalTime: 58,
  /** RFC 2132 section 9.12. */
  rebindingTime: 59,
  /** RFC 2132 section 9.13. */
  vendorClass: 60,
  /** RFC 2132 section 9.14. */
  clientIdentifier: 61,
  /** RFC 4039 section 4. */
  rapidCommit: 80,
  /** RFC 3046 section 2.0. */
  relayAgentInformation: 82,
  /** RFC 3118 section 2. */
  authentication: 90,
  /** RFC 3011 section 2. */
  subnetSelection: 118,
} as const
