/** How a phone differs from the common one: faults and habits seen in the field. */
export type PhoneKnobs = {
  /** A loader of the 7.2 days: asks for its trust list again and again until it gets a file, even an empty one. */
  readonly loopsOnTrustList: boolean
  /** Some firmware asks for the default file of SCCP in another spelling. */
  readonly xmlDefaultName: 'XMLDefault.cnf.xml' | 'xmlDefault.CNF.XML'
  /** What stands before `SIP<MAC>.cnf` until `tftp_cfg_dir` says otherwise. */
  readonly configPrefix: '' | './'
  /** SCCP from before XML: knows `OS79XX.TXT` and `SEPDefault.cnf` and asks for nothing else. */
  readonly knowsNoXml: boolean
  /** SCCP so old that a SIP image from 3.0 on makes it give up in mid-file (Cisco document 5455). */
  readonly needsSip23First: boolean
  /** SIP 2.1 and earlier refuses SCCP loads whose name has more than eight characters. */
  readonly limitsNames: boolean
  /** SIP 2.x: most octets that `SIPDefault.cnf` may have (W210). No figure is published. */
  readonly sipDefaultLimitBytes: number
  /** Takes the line in `OS79XX.TXT` as it stands, a space or CR at its end included. */
  readonly readsOs79xxLiterally: boolean
  /**
   * Which steps the phone goes along with where documents differ: all that Cisco document 5455
   * names, or only those of the CallManager Express guide.
   */
  readonly ladder: 'document-5455' | 'cme-guide'
  /** Share of datagrams lost in each direction, 0 to 1. */
  readonly lossRate: number
  /** Falls silent, for good, after so many file requests. */
  readonly silentAfterRequests: number
  /** Declines so many addresses as taken by somebody else before it is content. */
  readonly declines: number
}

/** A phone of good manners. */
export const DEFAULT_KNOBS: PhoneKnobs = {
  loopsOnTrustList: false,
  xmlDefaultName: 'XMLDefault.cnf.xml',
  configPrefix: '',
  knowsNoXml: false,
  needsSip23First: false,
  limitsNames: true,
  sipDefaultLimitBytes: Number.POSITIVE_INFINITY,
  readsOs79xxLiterally: false,
  ladder: 'document-5455',
  lossRate: 0,
  silentAfterRequests: Number.POSITIVE_INFINITY,
  declines: 0,
}
