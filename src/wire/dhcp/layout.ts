/*
 * A DHCP message (RFC 2131 section 2, figure 1), offsets in bytes:
 *
 *     0 op     1 htype   2 hlen   3 hops
 *     4 xid                               4 bytes
 *     8 secs  10 flags                    2 bytes each
 *    12 ciaddr  16 yiaddr  20 siaddr  24 giaddr
 *    28 chaddr                           16 bytes
 *    44 sname                            64 bytes
 *   108 file                            128 bytes
 *   236 cookie 99.130.83.99               4 bytes (RFC 2131 section 3)
 *   240 options                         the rest
 */

/** Offsets of the fields of a DHCP message in bytes. */
export const Offset = {
  op: 0,
  htype: 1,
  hlen: 2,
  hops: 3,
  xid: 4,
  secs: 8,
  flags: 10,
  ciaddr: 12,
  yiaddr: 16,
  siaddr: 20,
  giaddr: 24,
  chaddr: 28,
  sname: 44,
  file: 108,
  cookie: 236,
  options: 240,
} as const

/** What the options begin with: 99.130.83.99 (RFC 2131 section 3). */
export const COOKIE = 0x63825363

/** The option without a length that fills space (RFC 2132 section 3.1). */
export const PAD = 0

/** The option without a length that ends a field (RFC 2132 section 3.2). */
export const END = 255

/** The option that makes option space of `file` and `sname` (RFC 2132 section 9.3). */
export const OPTION_OVERLOAD = 52

/** The bits of option 52 (RFC 2132 section 9.3). */
export const Overload = { file: 1, sname: 2 } as const

/** The relay agent information option (RFC 3046), which travels last and never overloaded. */
export const RELAY_AGENT_INFORMATION = 82
