/**
 * `CTLSEP<MAC>.tlv` without a certificate: no octet at all, which phones take for "security off".
 * A loader of the 7.2 era asks for this file for ever until it gets one.
 */
export function renderCtlsep(): string {
  return ''
}
