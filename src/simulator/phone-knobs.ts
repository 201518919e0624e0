/** Where a phone may find out whom to ask for files. */
export type TftpServerSource = 'option-150' | 'option-66' | 'siaddr' | 'dhcp-server'

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
  /** SCCP that asks for `OS79XX.TXT` after a factory reset alone, as somebody says of later 5.x. */
  readonly skipsOs79xx: boolean
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
  /** Takes ERROR 3 for a busy server and asks again after a while; inferred from texts in an image. */
  readonly waitsWhenBusy: boolean
  /**
   * The port that every file is asked for from, and the next one for a second file at once; null: another
   * one each time. Which of the two phones do nobody has published; the 7921 was seen with 1024 alone.
   */
  readonly sourcePort: number | null
  /** Share of datagrams lost in each direction, 0 to 1. */
  readonly lossRate: number
  /** Falls silent, for good, after so many file requests. */
  readonly silentAfterRequests: number
  /** Declines so many addresses as taken by somebody else before it is content. */
  readonly declines: number
  /** Releases its first address and looks for another, as when CDP names a voice VLAN late. */
  readonly movesToVoiceVlan: boolean
  /**
   * Option 60. By default a phone without the universal loader says no model (`bare`), one with it
   * `CP-7960G` (`CP-G`); some say `CP-7960` (`CP`).
   */
  readonly vendorClass: 'by-generation' | 'bare' | 'CP' | 'CP-G'
  /** An octet 0 behind option 60. */
  readonly endsClassWithNul: boolean
  /** Option 55. */
  readonly requestedOptions: readonly number[]
  /** Where the phone looks for its TFTP server; the first that names one counts. */
  readonly tftpServerFrom: readonly TftpServerSource[]
  /**
   * What a loader goes by that has no application yet: the first file that it finds, or the default
   * file of the protocol that the phone came from, as was reported of 7.4.
   */
  readonly loaderReads: 'first-found' | 'own-protocol'
}

/** A phone of good manners. */
export const DEFAULT_KNOBS: PhoneKnobs = {
  loopsOnTrustList: false,
  xmlDefaultName: 'XMLDefault.cnf.xml',
  configPrefix: '',
  knowsNoXml: false,
  skipsOs79xx: false,
  needsSip23First: false,
  limitsNames: true,
  sipDefaultLimitBytes: Number.POSITIVE_INFINITY,
  readsOs79xxLiterally: false,
  ladder: 'document-5455',
  waitsWhenBusy: false,
  sourcePort: null,
  lossRate: 0,
  silentAfterRequests: Number.POSITIVE_INFINITY,
  declines: 0,
  movesToVoiceVlan: false,
  vendorClass: 'by-generation',
  endsClassWithNul: true,
  // As found in phone images; some have 151 behind it, others another order.
  requestedOptions: [1, 66, 6, 3, 15, 150, 35],
  tftpServerFrom: ['option-150', 'option-66', 'siaddr'],
  loaderReads: 'first-found',
}
