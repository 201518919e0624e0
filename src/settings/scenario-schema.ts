import Type from 'typebox'
import { canRun, formatExpectation, parseExpectation } from '../simulator/expectation.ts'
import { durationText, ipv4Text, macText, textValue } from './text-value.ts'

/**
 * A rehearsal with simulated phones as a schema: every key of `switchhook simulate FILE`, its type, its
 * default. `wanted` is what a message says when a value is something else.
 */

const closed = { additionalProperties: false } as const

/** More would ask for more sockets than a process has. */
const MAX_PHONES = 1_000

const maybe = (description: string) =>
  Type.Optional(Type.Boolean({ wanted: 'true or false', description }))

const count = (maximum: number, description: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum,
      wanted: `a whole number from 0 to ${maximum}`,
      description,
    }),
  )

const port = (value: number, description: string) =>
  Type.Integer({
    minimum: 1,
    maximum: 65535,
    default: value,
    wanted: 'a port from 1 to 65535',
    description,
  })

const optionCode = Type.Integer({
  minimum: 1,
  maximum: 254,
  wanted: 'the code of an option, 1 to 254',
})

/** Half an hour: longer than anything a phone waits for. */
const MAX_PAUSE_MS = 1_800_000

const wholeMilliseconds = Type.Integer({
  minimum: 0,
  maximum: MAX_PAUSE_MS,
  wanted: `whole milliseconds, 0 to ${MAX_PAUSE_MS}`,
})

const oneOf = (values: [string, ...string[]], description: string) =>
  Type.Optional(Type.Enum(values, { wanted: `one of: ${values.join(', ')}`, description }))

/** How a phone differs from the common one; each key is one of the simulator's `PhoneQuirks`. */
const Quirks = Type.Object(
  {
    loopsOnTrustList: maybe('Requests its trust list repeatedly until it gets a file'),
    waitsWhenBusy: maybe('Treats ERROR 3 as a busy server and retries later'),
    xmlDefaultName: Type.Optional(
      Type.Enum(['XMLDefault.cnf.xml', 'xmlDefault.CNF.XML'], {
        wanted: 'one of: XMLDefault.cnf.xml, xmlDefault.CNF.XML',
        description: 'The spelling of the default file of SCCP',
      }),
    ),
    configPrefix: Type.Optional(
      Type.Enum(['', './'], {
        wanted: 'one of: "", "./"',
        description: 'The prefix of SIP<MAC>.cnf',
      }),
    ),
    knowsNoXml: maybe('SCCP that predates XML files'),
    skipsOs79xx: maybe('SCCP that requests OS79XX.TXT only after a factory reset'),
    needsSip23First: maybe('SCCP so old that it gives up on SIP images of 3.0 and later'),
    limitsNames: maybe('SIP 2.1 and earlier: no load of more than eight characters'),
    sipDefaultLimitBytes: count(1_000_000, 'SIP 2.x: largest SIPDefault.cnf, in bytes'),
    readsOs79xxLiterally: maybe(
      'Treats a space or CR at the end of OS79XX.TXT as part of the name',
    ),
    ladder: Type.Optional(
      Type.Enum(['document-5455', 'cme-guide'], {
        wanted: 'one of: document-5455, cme-guide',
        description: 'Which upgrade steps the phone accepts where documents differ',
      }),
    ),
    sourcePort: Type.Optional(
      Type.Integer({
        minimum: 1024,
        maximum: 65534,
        wanted: 'a port from 1024 to 65534',
        description: 'The source port of every request',
      }),
    ),
    lossRate: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        wanted: 'a number from 0 to 1',
        description: 'Share of datagrams lost in each direction',
      }),
    ),
    silentAfterRequests: count(100_000, 'Stops sending after this many file requests'),
    declines: count(1_000, 'Declines this many addresses'),
    movesToVoiceVlan: maybe('Releases its first address, as if CDP had named another VLAN'),
    vendorClass: Type.Optional(
      Type.Enum(['bare', 'CP', 'CP-G'], {
        wanted: 'one of: bare, CP, CP-G',
        description: 'Option 60, independent of the load: without model, CP-7960, CP-7960G',
      }),
    ),
    endsClassWithNul: maybe('A zero byte after option 60'),
    requestedOptions: Type.Optional(
      Type.Array(optionCode, {
        maxItems: 100,
        wanted: 'a list of option codes such as [1, 66, 6, 3, 15, 150, 35, 151]',
        description: 'Option 55',
      }),
    ),
    tftpServerFrom: Type.Optional(
      Type.Array(
        Type.Enum(['option-150', 'option-66', 'siaddr', 'dhcp-server'], {
          wanted: 'one of: option-150, option-66, siaddr, dhcp-server',
        }),
        {
          maxItems: 4,
          wanted: 'a list such as [option-150, option-66, siaddr]',
          description:
            'Where the phone looks for its TFTP server; the first that names one is used',
        },
      ),
    ),
    loaderReads: Type.Optional(
      Type.Enum(['first-found', 'own-protocol'], {
        wanted: 'one of: first-found, own-protocol',
        description:
          'What a new loader follows: the first file that it finds, or the files of the protocol that it came from',
      }),
    ),
    restartsAfterLoader: maybe('A loader that replaced itself starts again before the application'),
    restartsAfterApplication: maybe('A phone restarts after it has written an application'),
    asksForMgc: maybe('The loader asks for MGC<MAC>.cnf'),
    huntsBehindSep: maybe('The file hunt continues after a SEP<MAC>.cnf.xml that names no load'),
    retransmits: oneOf(['as-traced', 'four-times'], 'How requests are repeated'),
    countsPorts: maybe('Each request uses the next source port'),
    pollsOwnFile: maybe('A missing SIP<MAC>.cnf is requested repeatedly'),
    sccpReads: oneOf(
      ['trust-list-first', 'own-file-first'],
      'What an SCCP application with a universal loader reads',
    ),
    afterRefusedImage: oneOf(
      ['starts-old', 'restarts', 'asks-again'],
      'What a universal loader does after it refuses an image',
    ),
    huntsAgainWhenUnheard: maybe('A loader that gets no answer repeats DHCP and the file hunt'),
    applicationAsksDhcp: maybe('The application runs DHCP itself'),
    huntsTwiceAtOnce: maybe('The loader runs two file hunts at the same time'),
    callManager: oneOf(
      ['answers', 'silent'],
      'Whether the call manager named in an XML file answers an SCCP load',
    ),
    fullBlockLossRate: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        wanted: 'a number from 0 to 1',
        description: 'Share of full-size DATA packets lost, while small ones pass',
      }),
    ),
    callControl: maybe('Registers, answers NOTIFY, and has telnet or a web page'),
    ignoresNotify: maybe('Says nothing to NOTIFY'),
    rejectsTelnetPassword: maybe('Takes no password at its command line'),
    afterReset: oneOf(
      ['boots', 'stays-dark', 'loops'],
      'What it does when it was told to start again',
    ),
    resetReachesLoader: maybe('Reset by a call manager goes through the universal loader'),
    sipSendsFrom: oneOf(['other-port', 'own-port'], 'From which port SIP leaves'),
    hasOwnPower: maybe('A wall adapter feeds it, whatever its switch does'),
  },
  { ...closed, default: {}, wanted: 'faults such as { lossRate: 0.02 }' },
)

const milliseconds = (description: string) =>
  Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: MAX_PAUSE_MS,
      wanted: `milliseconds, 0 to ${MAX_PAUSE_MS}`,
      description,
    }),
  )

const spread = (description: string) =>
  Type.Optional(
    Type.Tuple([wholeMilliseconds, wholeMilliseconds, wholeMilliseconds], {
      wanted: 'the least, the usual and the most milliseconds such as [14500, 18500, 29500]',
      description,
    }),
  )

const listOfMilliseconds = (description: string) =>
  Type.Optional(
    Type.Array(wholeMilliseconds, {
      minItems: 1,
      maxItems: 20,
      wanted: 'a list of milliseconds such as [1000, 4000, 4000, 4000]',
      description,
    }),
  )

/** How long a phone takes for things; each key is one of the simulator's `PhoneTiming`. */
const Timing = Type.Object(
  {
    powerUpMs: milliseconds(
      'From power to the first DHCP message; two minutes on a switch without CDP',
    ),
    nextRequestMs: milliseconds('From one answer to the next request'),
    restartMs: milliseconds(
      'From the end of the loader or application to the next start of the loader',
    ),
    blockMs: milliseconds('From a block of a file to its ACK'),
    loaderToApplicationMs: milliseconds(
      'From the last file of the loader to the first of a SIP application',
    ),
    loaderToSccpApplicationMs: milliseconds('The same for an SCCP application'),
    imageRetryMs: Type.Optional(
      Type.Tuple([wholeMilliseconds, wholeMilliseconds], {
        wanted: 'the least and the most milliseconds such as [8000, 10000]',
        description: 'Before a failed image is requested again',
      }),
    ),
    flashMs: milliseconds('Writing an image of a phone without the universal loader'),
    loaderFlashMs: spread('A universal loader that replaces itself, until its restart'),
    applicationFlashMs: spread('A universal loader that writes an application'),
    loadsToLoaderMs: spread('From .loads to the request for the loader'),
    loadsToApplicationMs: spread('From .loads to the request for the application'),
    ringListMs: spread('From SIP<MAC>.cnf to ring list and dial plan'),
    pollMs: milliseconds('From one request for a missing SIP<MAC>.cnf to the next'),
    sccpReadAgainMs: milliseconds(
      'Before an SCCP application reads again which load it should run',
    ),
    sccpUnregisteredMs: milliseconds(
      'Before an application that cannot register reads its files again',
    ),
    sccpUnheardMs: milliseconds('Before an application that got no answer asks again'),
    unheardHuntMs: milliseconds('Before a loader that got no answer hunts again'),
    refusedRestartMs: milliseconds('From a refused image to the next start of the loader'),
    sccpConnectMs: milliseconds('From the last file of an SCCP application to its connection'),
    sccpResetMs: milliseconds('From Unregister to DHCP, where its call manager has reset it'),
    registerAgainMs: milliseconds('From a registration that failed to the next try'),
    loopMs: milliseconds('Before a request without result is repeated'),
    checkSyncMs: milliseconds('Idle time before the files are checked that a NOTIFY asks about'),
    tftpRetryMs: milliseconds(
      'Silence after which a TFTP packet is sent again, phones without the universal loader',
    ),
    loaderRetryMs: listOfMilliseconds('Silence after each sending, universal loader and SIP'),
    sccpRetryMs: listOfMilliseconds('The same, for SCCP with a universal loader'),
    dhcpRetryMs: Type.Optional(
      Type.Array(wholeMilliseconds, {
        minItems: 1,
        maxItems: 20,
        wanted: 'a list of milliseconds such as [4000, 8000, 16000, 32000]',
        description: 'Intervals between repeated DHCP messages',
      }),
    ),
  },
  { ...closed, default: {}, wanted: 'times such as { powerUpMs: 120000 }' },
)

const load = textValue((text) => (canRun(text) ? text : undefined), String, {
  wanted: 'a load of SCCP or SIP such as P00308000500, with the digit zero',
})

const expectation = textValue(parseExpectation, formatExpectation, {
  wanted: 'a load such as P0S3-8-12-00, or one of: unchanged, stopped, no-address',
})

/** Times at which something is done to a phone. */
const times = (description: string) =>
  Type.Array(durationText(), {
    maxItems: 100,
    default: [],
    wanted: 'a list of times after it was plugged in, such as [3m, 10m]',
    description,
  })

const portOfSwitch = Type.Integer({
  minimum: 1,
  maximum: 65_535,
  wanted: 'the number of a port of the switch, from 1',
  description: 'The port of the switch that feeds it',
})

/** A switch with PoE in front of the phones. */
const Switch = Type.Object(
  {
    address: ipv4Text({ description: 'Where SNMP is answered' }),
    prefixLength: Type.Integer({
      minimum: 8,
      maximum: 30,
      default: 24,
      wanted: 'the length of its network, 8 to 30',
    }),
    snmpPort: port(161, 'Of SNMPv2c'),
    community: Type.String({
      minLength: 1,
      maxLength: 64,
      default: 'private',
      wanted: 'a community, 1 to 64 characters',
    }),
    group: Type.Integer({
      minimum: 1,
      maximum: 65_535,
      default: 1,
      wanted: 'the group of its ports, from 1',
      description: 'pethPsePortGroupIndex',
    }),
    fault: Type.Enum(['none', 'refuses', 'silent', 'stays-off'], {
      default: 'none',
      wanted: 'one of: none, refuses, silent, stays-off',
      description: 'What it does not do',
    }),
  },
  { ...closed, wanted: 'a switch such as { address: 10.20.0.250 }' },
)

/** One simulated phone. */
export const ScenarioPhone = Type.Object(
  {
    mac: macText(),
    model: Type.Enum([7940, 7960, '7940', '7960'], {
      default: 7960,
      wanted: '7940 or 7960',
    }),
    load,
    expect: expectation,
    alternateTftp: Type.Optional(ipv4Text({ description: 'Typed in at the phone' })),
    powerCycles: times('Power is interrupted briefly'),
    factoryResets: times('It is reset to factory settings by keys at power-up'),
    checkSyncs: times('NOTIFY check-sync arrives, which SIP loads obey'),
    behaviour: Type.Optional(
      Type.Enum(['field', 'assumed'], {
        wanted: 'one of: field, assumed',
        description:
          'The base that knobs and timing change: phones as traced, or as assumed before',
      }),
    ),
    knobs: Quirks,
    timing: Timing,
    registers: Type.Boolean({
      default: false,
      wanted: 'true or false',
      description: 'It is to be registered at its end',
    }),
    switchPort: Type.Optional(portOfSwitch),
    replaces: Type.Optional(
      macText({
        description: 'Plugged in where this phone was, when the end of that one is decided',
      }),
    ),
    shows: Type.Optional(
      Type.String({
        pattern: '^[^\\p{C}]{1,100}$',
        wanted:
          'a text of the display such as "Image Authentication Failed", at most 100 characters',
        description: 'A text, or part of one, that its display must have shown',
      }),
    ),
  },
  {
    ...closed,
    wanted: 'a phone such as { mac: "02:00:00:00:a0:60", load: P00308000500, expect: unchanged }',
  },
)

/** The whole file. */
export const ScenarioFile = Type.Object(
  {
    interface: Type.Optional(
      Type.String({
        pattern: '^[^\\s/]{1,15}$',
        wanted: 'the name of an interface such as lab1, at most 15 characters',
      }),
    ),
    loopback: Type.Optional(ipv4Text({ description: 'The relay agent of phones on loopback' })),
    server: Type.Optional(ipv4Text({ description: 'The DHCP server, with loopback' })),
    dhcpPort: port(67, 'Of the server'),
    tftpPort: port(69, 'Of the server'),
    speed: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1_000,
      default: 1,
      wanted: 'a number above 0 and up to 1000',
      description:
        'How many times faster than real phones; it applies to all times except the timeout',
    }),
    stagger: Type.Optional(durationText({ description: 'From one phone to the next' })),
    watch: durationText({
      default: '3m',
      description: 'How long a phone that should stay unchanged must stay so',
    }),
    timeout: durationText({ default: '10m', description: 'In real time: the end for all phones' }),
    switch: Type.Optional(Switch),
    phones: Type.Array(ScenarioPhone, {
      minItems: 1,
      maxItems: MAX_PHONES,
      wanted: `a list of phones, at least one and at most ${MAX_PHONES}`,
    }),
  },
  { ...closed, wanted: 'a mapping of keys such as interface, speed and phones' },
)
