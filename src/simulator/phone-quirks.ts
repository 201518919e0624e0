/** Where a phone may find out whom to ask for files. */
export type TftpServerSource = 'option-150' | 'option-66' | 'siaddr' | 'dhcp-server'

/** How a phone differs from the common one: faults and quirks seen in the field. */
export type PhoneQuirks = {
  /** A loader of the 7.2 days: asks for its trust list again and again until it gets a file, even an empty one. */
  readonly loopsOnTrustList: boolean
  /** Some firmware asks for the default file of SCCP in another spelling. */
  readonly xmlDefaultName: 'XMLDefault.cnf.xml' | 'xmlDefault.CNF.XML'
  /** What stands before `SIP<MAC>.cnf` until `tftp_cfg_dir` says otherwise. */
  readonly configPrefix: '' | './'
  /** SCCP that predates XML files: knows `OS79XX.TXT` and `SEPDefault.cnf` and asks for nothing else. */
  readonly knowsNoXml: boolean
  /** SCCP that asks for `OS79XX.TXT` after a factory reset alone, as one report says of later 5.x. */
  readonly skipsOs79xx: boolean
  /** SCCP so old that it gives up on SIP images of 3.0 and later in mid-file (Cisco document 5455). */
  readonly needsSip23First: boolean
  /** SIP 2.1 and earlier refuses SCCP loads whose name has more than eight characters. */
  readonly limitsNames: boolean
  /** SIP 2.x: most bytes that `SIPDefault.cnf` may have (W210). No figure is published. */
  readonly sipDefaultLimitBytes: number
  /** Takes the line in `OS79XX.TXT` as it stands, a space or CR at its end included. */
  readonly readsOs79xxLiterally: boolean
  /**
   * Which upgrade steps the phone accepts where documents differ: all that Cisco document 5455
   * names, or only those of the CallManager Express guide.
   */
  readonly ladder: 'document-5455' | 'cme-guide'
  /** Treats ERROR 3 as a busy server and retries later; inferred from texts in an image. */
  readonly waitsWhenBusy: boolean
  /**
   * The source port of every request, and the next one for a second file at once; null: another
   * one each time. No source says which of the two phones do; the 7921 was seen with 1024 alone.
   */
  readonly sourcePort: number | null
  /** Share of datagrams lost in each direction, 0 to 1. */
  readonly lossRate: number
  /** Falls silent, for good, after so many file requests. */
  readonly silentAfterRequests: number
  /** Declines so many addresses as in use before it accepts one. */
  readonly declines: number
  /** Releases its first address and looks for another, as when CDP names a voice VLAN late. */
  readonly movesToVoiceVlan: boolean
  /**
   * Option 60. By default a phone without the universal loader says no model (`bare`), one with it
   * `CP-7960G` (`CP-G`); some say `CP-7960` (`CP`).
   */
  readonly vendorClass: 'by-generation' | 'bare' | 'CP' | 'CP-G'
  /** A zero byte after option 60. */
  readonly endsClassWithNul: boolean
  /** Option 55. */
  readonly requestedOptions: readonly number[]
  /** Where the phone looks for its TFTP server; the first that names one is used. */
  readonly tftpServerFrom: readonly TftpServerSource[]
  /**
   * What a loader goes by that has no application yet: the first file that it finds, or the default
   * file of the protocol that the phone came from, as was reported of 7.4.
   */
  readonly loaderReads: 'first-found' | 'own-protocol'
  /**
   * The loader starts again when it has replaced itself: a whole new hunt, `.loads` included, comes before the
   * application is fetched (traces `jh-…`, eight conversions of eight). False: both parts in one boot.
   */
  readonly restartsAfterLoader: boolean
  /** Earlier assumed: a phone boots again when it has written an application. In eight traces of eight it starts it. */
  readonly restartsAfterApplication: boolean
  /** The loader asks for `MGC<MAC>.cnf` after `SIP<MAC>.cnf` (traces `jh-…`, 39 hunts of 39). */
  readonly asksForMgc: boolean
  /**
   * Earlier assumed: where `SEP<MAC>.cnf.xml` is served and names no load, the hunt goes on to the default file. In
   * trace `jh-b` it ends there and the application starts.
   */
  readonly huntsBehindSep: boolean
  /**
   * How requests are repeated: as each software was traced, from three ports (trace `jh-c`), or four times at equal
   * intervals from one port, as RFC 5859 section 3 has it. Phones without the universal loader do the second: no trace reaches them.
   */
  readonly retransmits: 'as-traced' | 'four-times'
  /** Each request has the next port, and each start of software a new first one (traces `jh-…`). */
  readonly countsPorts: boolean
  /** SIP 7.0 and later asks for a missing `SIP<MAC>.cnf` again and again (traces `jh-…`, eight of eight). */
  readonly pollsOwnFile: boolean
  /**
   * SCCP 6.0 and later: reads its trust list first, then its own file, and goes back to the loader by itself where
   * that names another load (traces `jh-…`, `cmedbg-…`); or, as earlier assumed, its own file and the ring lists.
   */
  readonly sccpReads: 'trust-list-first' | 'own-file-first'
  /**
   * What a universal loader does after it refuses an image: start the application that it has, begin
   * again within ten seconds, or ask three times as phones before it do. No trace shows one: all three are inferred.
   */
  readonly afterRefusedImage: 'starts-old' | 'restarts' | 'asks-again'
  /** A loader that got some answers but not all asks DHCP and hunts again, on the same ports (trace `jh-i`). */
  readonly huntsAgainWhenUnheard: boolean
  /** The application asks DHCP itself when it starts (trace `teo-3`, a SIP load, inferred from its times). */
  readonly applicationAsksDhcp: boolean
  /** The loader hunts twice at the same time on one port counter, as seen of one phone with a new address. */
  readonly huntsTwiceAtOnce: boolean
  /**
   * Whether the call manager named in an XML file answers an SCCP load. Where it is silent the phone reads
   * its files again and goes through its loader about once a minute (trace `jh-b`).
   */
  readonly callManager: 'answers' | 'silent'
  /** Share of full DATA packets (512 bytes) lost on their way, 0 to 1: small answers pass (trace `jh-i`). */
  readonly fullBlockLossRate: number
  /** Registers, answers NOTIFY, and has telnet or a web page, when it runs. False: it is silent, as before. */
  readonly callControl: boolean
  /** Says nothing to NOTIFY. */
  readonly ignoresNotify: boolean
  /** Takes no password at its command line. */
  readonly rejectsTelnetPassword: boolean
  /** What a phone does that was told to start again: it does, stays dark, or starts again whenever it has registered. */
  readonly afterReset: 'boots' | 'stays-dark' | 'loops'
  /** Reset by a call manager goes through the universal loader; false: the application alone starts again (inferred). */
  readonly resetReachesLoader: boolean
  /** SIP leaves by another port than it listens on, as seen of a 7970 with the same stack; of these phones inferred. */
  readonly sipSendsFrom: 'other-port' | 'own-port'
  /** A wall adapter feeds it, so that a switch cannot take its power away. */
  readonly hasOwnPower: boolean
}

/** A phone of good manners that behaves as the traces of real phones show; the default. */
const FIELD_QUIRKS: PhoneQuirks = {
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
  // As found in phone images; some have 151 after it, others another order.
  requestedOptions: [1, 66, 6, 3, 15, 150, 35],
  tftpServerFrom: ['option-150', 'option-66', 'siaddr'],
  loaderReads: 'first-found',
  restartsAfterLoader: true,
  restartsAfterApplication: false,
  asksForMgc: true,
  huntsBehindSep: false,
  retransmits: 'as-traced',
  countsPorts: true,
  pollsOwnFile: true,
  sccpReads: 'trust-list-first',
  afterRefusedImage: 'starts-old',
  huntsAgainWhenUnheard: true,
  applicationAsksDhcp: false,
  huntsTwiceAtOnce: false,
  callManager: 'answers',
  fullBlockLossRate: 0,
  callControl: true,
  ignoresNotify: false,
  rejectsTelnetPassword: false,
  afterReset: 'boots',
  resetReachesLoader: false,
  sipSendsFrom: 'other-port',
  hasOwnPower: false,
}

/** What was assumed before traces of real phones were available. */
const ASSUMED_QUIRKS: PhoneQuirks = {
  ...FIELD_QUIRKS,
  restartsAfterLoader: false,
  restartsAfterApplication: true,
  asksForMgc: false,
  huntsBehindSep: true,
  retransmits: 'four-times',
  countsPorts: false,
  pollsOwnFile: false,
  sccpReads: 'own-file-first',
  afterRefusedImage: 'asks-again',
  huntsAgainWhenUnheard: false,
}

/** A whole set of quirks: as the traces of real phones show them, or as assumed before there were any. */
export type PhoneBehaviour = 'field' | 'assumed'

/** The default behaviour of phones. */
export const DEFAULT_BEHAVIOUR: PhoneBehaviour = 'field'

/** The quirks of a behaviour. */
export function quirksOf(behaviour: PhoneBehaviour): PhoneQuirks {
  return behaviour === 'field' ? FIELD_QUIRKS : ASSUMED_QUIRKS
}

/** The quirks of {@link DEFAULT_BEHAVIOUR}. */
export const DEFAULT_QUIRKS: PhoneQuirks = quirksOf(DEFAULT_BEHAVIOUR)
