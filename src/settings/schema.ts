import Type from 'typebox'
import { SWITCH_NAME } from '../net/switch-port.ts'
import {
  addressRangeText,
  durationText,
  ipv4Text,
  listenText,
  macText,
  portRangeText,
  sizeText,
  subnetText,
  switchPortText,
} from './text-value.ts'

/**
 * The configuration file as a schema: every key, its type, its default. The types of `settings.ts`
 * are derived from it; `wanted` is what a message says when a value is something else.
 */

const closed = { additionalProperties: false } as const

const flag = (value: boolean, description: string) =>
  Type.Boolean({ default: value, wanted: 'true or false', description })

const count = (minimum: number, maximum: number, value: number, description: string) =>
  Type.Integer({
    minimum,
    maximum,
    default: value,
    wanted: `a whole number from ${minimum} to ${maximum}`,
    description,
  })

const port = (value: number, description: string) => count(0, 65535, value, description)

const path = (description: string) =>
  Type.String({ minLength: 1, maxLength: 4096, wanted: 'a path', description })

/** Options by catalogue name or number; their values are checked against the option table. */
const Options = Type.Record(Type.String(), Type.Unknown(), {
  wanted: 'options by name or number, such as { ntpServers: [10.20.0.1] }',
  description: 'Further DHCP options, by catalogue name or number',
})

const Reservation = Type.Object(
  { mac: macText(), address: ipv4Text() },
  { ...closed, wanted: 'a reservation such as { mac: "00:0e:84:c0:60:a6", address: 10.20.0.10 }' },
)

const VendorClass = Type.Object(
  {
    vendorClass: Type.String({
      minLength: 1,
      maxLength: 255,
      wanted: 'the text of option 60, 1 to 255 characters',
    }),
    options: Options,
  },
  { ...closed, wanted: 'a class such as { vendorClass: "Acme Phone 9", options: { … } }' },
)

const addressList = () =>
  Type.Array(ipv4Text(), { minItems: 1, maxItems: 63, wanted: 'a list of addresses' })

/** One network (VLAN) as DHCP sees it. */
export const Network = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$',
      wanted: 'a name of letters, digits, dot, dash and underscore, at most 63',
    }),
    vlan: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 4094, wanted: 'a VLAN number from 1 to 4094' }),
    ),
    interface: Type.Optional(
      Type.String({
        pattern: '^[^\\s/]{1,15}$',
        wanted: 'the name of an interface such as eth0.120, at most 15 characters',
      }),
    ),
    relayed: flag(false, 'Reached through relay agents only; instead of interface'),
    address: ipv4Text({
      description: 'The address of the appliance on this network: option 54, siaddr, TFTP address',
    }),
    subnet: subnetText(),
    pool: Type.Array(addressRangeText(), {
      maxItems: 256,
      default: [],
      wanted: 'a list of ranges such as [10.20.0.50-10.20.0.99]',
    }),
    router: Type.Optional(addressList()),
    dns: Type.Optional(addressList()),
    domain: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?$',
        maxLength: 253,
        wanted: 'a domain name such as lab.example',
      }),
    ),
    tftpServerName: Type.Optional(
      Type.String({
        pattern: '^[!-~]{1,255}$',
        wanted: 'an address or host name, at most 255 characters',
      }),
    ),
    tftpServers: Type.Optional(addressList()),
    peers: Type.Array(ipv4Text(), {
      maxItems: 15,
      default: [],
      wanted: 'a list of addresses',
      description:
        'Addresses of other appliances on this network: not rogue servers, not in a pool, after our ' +
        'own in option 150, and never used as our address',
    }),
    options: Type.Optional(Options),
    leases: Type.Enum(['here', 'shared'], {
      default: 'here',
      wanted: 'one of: here, shared',
      description:
        'Where leases are kept: here in SQLite, or shared with other appliances in PostgreSQL',
    }),
    leaseTime: Type.Optional(
      durationText({ infinite: true, description: 'Default: 5m; 1h with leases: shared' }),
    ),
    maxLeaseTime: Type.Optional(
      durationText({
        infinite: true,
        description: 'Default: 1h, or leaseTime where that is longer',
      }),
    ),
    reservations: Type.Array(Reservation, {
      maxItems: 65536,
      default: [],
      wanted: 'a list of reservations',
    }),
    classes: Type.Array(VendorClass, { maxItems: 256, default: [], wanted: 'a list of classes' }),
    admit: Type.Enum(['enrolled', 'phones', 'anyone'], {
      default: 'enrolled',
      wanted: 'one of: enrolled, phones, anyone',
      description: 'Who gets an address',
    }),
    probe: flag(true, 'Probe an address on the wire before it is first offered'),
    declineHold: durationText({ default: '10m' }),
    rapidCommit: flag(false, 'Rapid Commit, RFC 4039'),
    subnetSelection: flag(false, 'Subnet selection, option 118, RFC 3011'),
    onRogueServer: Type.Optional(
      Type.Enum(['warn', 'refuse'], {
        wanted: 'one of: warn, refuse',
        description: 'When another DHCP server answers; default warn, with autoEnrol refuse',
      }),
    ),
    autoEnrol: Type.Optional(
      Type.String({ minLength: 1, maxLength: 63, wanted: 'the name of a profile' }),
    ),
    identify: Type.Optional(
      Type.Enum(['hardware', 'address'], {
        wanted: 'one of: hardware, address',
        description:
          'How TFTP clients are identified: by hardware address (default with interface), or by ' +
          'lease and requested names (default, and the only way, with relayed)',
      }),
    ),
    authoritative: flag(true, 'Send NAK for unknown leases, to admitted clients only'),
    callControl: flag(false, 'Phones register with this appliance as proof that they run'),
    switchPort: Type.Optional(
      switchPortText({
        description:
          'The port of a bench with one place: of each phone here that names none itself',
      }),
    ),
    reclaim: Type.Enum(['idle', 'never'], {
      default: 'idle',
      wanted: 'one of: idle, never',
      description: 'Whether a full pool reclaims the lease of a phone that no longer answers',
    }),
  },
  { ...closed, wanted: 'a network' },
)

const Api = Type.Object(
  {
    listen: listenText({ default: '127.0.0.1:8067' }),
    tokenFile: Type.Optional(path('Created at the first start, mode 0600')),
    tls: Type.Optional(
      Type.Object(
        {
          certificateFile: path('PEM; the certificate of this machine first, then its chain'),
          keyFile: path('PEM, without a passphrase'),
        },
        {
          ...closed,
          wanted: 'certificateFile and keyFile',
          description: 'HTTPS instead of HTTP; read at the start and at each reload',
        },
      ),
    ),
    allowedHosts: Type.Array(
      Type.String({
        pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$',
        wanted: 'a host name without port',
      }),
      {
        maxItems: 64,
        default: [],
        wanted: 'a list of host names such as [switchhook.lab.example]',
        description: 'Host names under which clients reach the API; addresses are always accepted',
      },
    ),
    maxUploadsInFlight: sizeText({
      default: '64MiB',
      description:
        'Total size of the uploads in progress; an upload beyond it is told to retry later',
    }),
  },
  { ...closed, default: {}, wanted: 'keys of the API' },
)

const Tftp = Type.Object(
  {
    port: port(69, 'UDP port; 0 lets the system choose'),
    workers: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 0, maximum: 64 })], {
        wanted: 'nothing: leave it out',
        description: 'Ignored: one thread sends all files',
      }),
    ),
    sharedDir: Type.Optional(path('Folder with ring tones, logos and other files; read only')),
    maxSharedFile: sizeText({
      default: '64MiB',
      description: 'The largest file of sharedDir that is served; larger ones are left out',
    }),
    maxShared: sizeText({
      default: '256MiB',
      description: 'All files of sharedDir together; files beyond that are left out',
    }),
    sharedTriggers: flag(false, 'Serve shared files that could convert a phone'),
    transferPorts: Type.Optional(portRangeText()),
    maxTransfersPerClient: count(1, 65536, 16, 'For one client; a phone runs two at once'),
    maxTransfers: count(1, 1048576, 4096, 'For all clients together'),
  },
  { ...closed, default: {}, wanted: 'keys of the TFTP server' },
)

const Conversions = Type.Object(
  {
    phoneSpeed: Type.Number({
      minimum: 1,
      maximum: 50,
      default: 1,
      wanted: 'a number from 1 to 50',
      description:
        'Phones are simulated and run this many times faster: every phone-time window is ' +
        'divided by it. Leave it at 1 for real phones',
    }),
  },
  { ...closed, default: {}, wanted: 'keys of conversions' },
)

const Dhcp = Type.Object(
  { port: port(67, 'UDP port; 0 lets the system choose') },
  { ...closed, default: {}, wanted: 'keys of the DHCP server' },
)

const CallControl = Type.Object(
  {
    sip: Type.Optional(
      Type.Object(
        { port: port(5060, 'UDP port; 0 lets the system choose') },
        { ...closed, wanted: 'keys of the SIP registrar' },
      ),
    ),
    sccp: Type.Optional(
      Type.Object(
        { port: port(2000, 'TCP port; 0 lets the system choose') },
        { ...closed, wanted: 'keys of the SCCP call manager' },
      ),
    ),
  },
  {
    ...closed,
    wanted: 'sip, sccp or both',
    description: 'Phones register with the appliance as proof; for networks with callControl: true',
  },
)

const snmpPort = () => ({ port: count(1, 65535, 161, 'UDP port of the SNMP agent') })

const SnmpV3 = Type.Object(
  {
    version: Type.Literal(3, { wanted: '3' }),
    user: Type.String({
      pattern: '^[!-~]{1,32}$',
      wanted: 'a user name of 1 to 32 printable characters',
    }),
    authFile: path('The authentication password, at least 8 characters; not readable by others'),
    privFile: path('The privacy password, at least 8 characters; not readable by others'),
    auth: Type.Enum(['sha1', 'sha256'], { default: 'sha1', wanted: 'one of: sha1, sha256' }),
    priv: Type.Enum(['aes128'], { default: 'aes128', wanted: 'aes128' }),
    ...snmpPort(),
  },
  { ...closed, wanted: 'version 3 with user, authFile and privFile' },
)

const SnmpV2c = Type.Object(
  {
    version: Type.Literal('2c', { wanted: '2c' }),
    communityFile: path('The community that may write; not readable by others'),
    ...snmpPort(),
  },
  { ...closed, wanted: 'version 2c with communityFile' },
)

const Switch = Type.Object(
  {
    name: Type.String({
      pattern: `^${SWITCH_NAME}$`,
      wanted: 'a name of letters, digits, dot, dash and underscore, at most 63',
    }),
    host: Type.String({
      pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$',
      wanted: 'an IPv4 address or a host name',
    }),
    snmp: Type.Union([SnmpV3, SnmpV2c], {
      chosenBy: 'version',
      wanted: 'version 3 with user, authFile and privFile, or version 2c with communityFile',
    }),
    portGroup: count(1, 2147483647, 1, 'pethPsePortGroupIndex of ports that name no group'),
  },
  { ...closed, wanted: 'a switch with name, host and snmp' },
)

const Restart = Type.Object(
  {
    command: Type.Array(
      Type.String({ pattern: '^[^\\u0000]{1,4096}$', wanted: 'a word of 1 to 4096 characters' }),
      {
        minItems: 1,
        maxItems: 64,
        wanted: 'a program and its arguments, such as [/etc/switchhook/power-cycle]',
        description: 'Run without a shell; the phone is named in the environment',
      },
    ),
    timeout: durationText({
      default: '30s',
      description: 'After this, at most 2m, the command and all that it started are ended',
    }),
  },
  { ...closed, wanted: 'command, and timeout where 30s is not right' },
)

const applianceName = (description: string) =>
  Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$',
    wanted: 'a name of letters, digits, dot, dash and underscore, at most 63',
    description,
  })

const Database = Type.Object(
  {
    postgres: Type.Object(
      {
        urlFile: path('The URL with its password, on one line; not readable by others'),
        site: applianceName('The same for appliances that share a network, and for no others'),
        name: applianceName('What this appliance is called; no other of the site has this name'),
        takeoverAfter: durationText({
          default: '8s',
          description: 'An owner that is silent for this long loses its network; at least 2s',
        }),
        repeatFor: durationText({
          default: '10m',
          description:
            'While PostgreSQL is away, known clients are told what is left of their leases for ' +
            'this long; at least 20s',
        }),
      },
      { ...closed, wanted: 'urlFile, site and name' },
    ),
  },
  {
    ...closed,
    wanted: 'postgres',
    description: 'Several appliances share their inventory in PostgreSQL',
  },
)

/** The whole file. */
export const Configuration = Type.Object(
  {
    dataDir: Type.String({
      minLength: 1,
      maxLength: 4096,
      default: './data',
      wanted: 'a path',
      description: 'Folder of the SQLite database',
    }),
    database: Type.Optional(Database),
    api: Api,
    tftp: Tftp,
    conversions: Conversions,
    dhcp: Dhcp,
    callControl: Type.Optional(CallControl),
    switches: Type.Array(Switch, {
      maxItems: 1024,
      default: [],
      wanted: 'a list of switches',
      description: 'Switches that may cut the power of phones, by SNMP',
    }),
    restart: Type.Optional(Restart),
    networks: Type.Array(Network, {
      minItems: 1,
      maxItems: 4096,
      wanted: 'a list of networks, at least one',
    }),
  },
  { ...closed, wanted: 'a mapping of keys such as networks, api, dhcp and tftp' },
)
