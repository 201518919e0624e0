import t from 'tap'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import { aConfiguration, aNetwork, parsed } from '../support/configuration.ts'

/** Everything that was found, as `path: message`, problems before warnings. */
function found(configuration: object): string[] {
  const result = parsed(configuration)
  const problems = result.kind === 'refused' ? result.problems : []
  return [...problems, ...result.warnings].map(({ path, message }) => `${path}: ${message}`)
}

const inNetwork = [
  {
    why: 'nobody knows where the phones are',
    keys: { interface: undefined },
    expect: ['interface: missing, wanted the name of an interface, or relayed: true'],
  },
  {
    why: 'hardware addresses behind relays',
    keys: { interface: undefined, relayed: true, identify: 'hardware' },
    expect: ['identify: found hardware with relayed: true, wanted address or an interface'],
  },
  {
    why: 'on an interface and behind relays',
    keys: { relayed: true },
    expect: ['relayed: found true beside interface eth0, wanted one of them'],
  },
  {
    why: 'our address is on another subnet',
    keys: { address: '10.30.0.2' },
    expect: ['address: found 10.30.0.2, wanted a host of 10.20.0.0/24'],
  },
  {
    why: 'our address is the broadcast address',
    keys: { address: '10.20.0.255' },
    expect: ['address: found 10.20.0.255, wanted a host of 10.20.0.0/24'],
  },
  {
    why: 'behind a relay our address is elsewhere',
    keys: { address: '10.30.0.2', interface: undefined, relayed: true },
    expect: [],
  },
  {
    why: 'pool outside the subnet',
    keys: { pool: ['10.20.0.50-10.20.1.99'] },
    expect: ['pool[0]: found 10.20.0.50-10.20.1.99, wanted addresses of 10.20.0.0/24'],
  },
  {
    why: 'our address inside the pool',
    keys: { pool: ['10.20.0.10', '10.20.0.1-10.20.0.9'] },
    expect: ['pool[1]: found 10.20.0.1-10.20.0.9, which contains our own address 10.20.0.2'],
  },
  {
    why: 'network and broadcast address in a pool',
    keys: { pool: ['10.20.0.0-10.20.0.1', '10.20.0.200-10.20.0.255', '10.20.0.99'] },
    expect: [
      'pool[0]: found 10.20.0.0-10.20.0.1, which contains the network address 10.20.0.0 of 10.20.0.0/24; no host can use it',
      'pool[1]: found 10.20.0.200-10.20.0.255, which contains the broadcast address 10.20.0.255 of 10.20.0.0/24; no host can use it',
    ],
  },
  {
    why: 'the network address reserved for a phone',
    keys: { reservations: [{ mac: '02:00:00:00:00:10', address: '10.20.0.0' }] },
    expect: [
      'reservations[0].address: found 10.20.0.0, the network address, wanted a host of 10.20.0.0/24',
    ],
  },
  {
    why: 'RFC 3021: a /31 has two hosts',
    keys: { subnet: '10.20.0.2/31', pool: ['10.20.0.3'], router: undefined },
    expect: [],
  },
  {
    why: 'a /32 is one host',
    keys: {
      address: '10.30.0.2',
      interface: undefined,
      relayed: true,
      subnet: '10.20.0.9/32',
      pool: ['10.20.0.9'],
      router: undefined,
    },
    expect: [],
  },
  {
    why: 'a /30 has four addresses and two hosts',
    keys: {
      subnet: '10.20.0.0/30',
      address: '10.20.0.1',
      pool: ['10.20.0.2-10.20.0.3'],
      router: undefined,
    },
    expect: [
      'pool[0]: found 10.20.0.2-10.20.0.3, which contains the broadcast address 10.20.0.3 of 10.20.0.0/30; no host can use it',
    ],
  },
  {
    why: 'reservations for what is no device',
    keys: {
      reservations: [
        { mac: '01:00:5e:00:00:01', address: '10.20.0.10' },
        { mac: '00:00:00:00:00:00', address: '10.20.0.11' },
        { mac: 'ff:ff:ff:ff:ff:ff', address: '10.20.0.12' },
      ],
    },
    expect: [
      'reservations[0].mac: found 01005E000001, which is a group address (multicast), which no device has',
      'reservations[1].mac: found 000000000000, which is the null address, which no device has',
      'reservations[2].mac: found FFFFFFFFFFFF, which is the broadcast address, which no device has',
    ],
  },
  {
    why: 'pools that share addresses',
    keys: { pool: ['10.20.0.50-10.20.0.99', '10.20.0.90-10.20.0.120'] },
    expect: ['pool[1]: found 10.20.0.90-10.20.0.120, which overlaps 10.20.0.50-10.20.0.99'],
  },
  {
    why: 'reservation outside the subnet',
    keys: { reservations: [{ mac: '02:00:00:00:00:10', address: '10.30.0.10' }] },
    expect: ['reservations[0].address: found 10.30.0.10, wanted a host of 10.20.0.0/24'],
  },
  {
    why: 'our address given away',
    keys: { reservations: [{ mac: '02:00:00:00:00:10', address: '10.20.0.2' }] },
    expect: ['reservations[0].address: found 10.20.0.2, which is our own address'],
  },
  {
    why: 'one client with two addresses, and one address for two clients',
    keys: {
      reservations: [
        { mac: '02:00:00:00:00:10', address: '10.20.0.10' },
        { mac: '0200.0000.0010', address: '10.20.0.11' },
        { mac: '02:00:00:00:00:12', address: '10.20.0.10' },
      ],
    },
    expect: [
      'reservations[1].mac: found 020000000010 again, first at reservations[0].mac',
      'reservations[2].address: found 10.20.0.10 again, first at reservations[0].address',
    ],
  },
  {
    why: 'peers that are no peers',
    keys: { peers: ['10.20.0.2', '10.30.0.3', '10.20.0.0', '10.20.0.4', '10.20.0.4'] },
    expect: [
      'peers[0]: found 10.20.0.2, which is our own address',
      'peers[1]: found 10.30.0.3, wanted a host of 10.20.0.0/24',
      'peers[2]: found 10.20.0.0, wanted a host of 10.20.0.0/24',
      'peers[4]: found 10.20.0.4 again, first at peers[3]',
    ],
  },
  {
    why: 'addresses of peers given away',
    keys: {
      peers: ['10.20.0.60', '10.20.0.70'],
      pool: ['10.20.0.50-10.20.0.65', '10.20.0.66-10.20.0.69'],
      reservations: [
        { mac: '02:00:00:00:00:10', address: '10.20.0.70' },
        { mac: '02:00:00:00:00:11', address: '10.20.0.11' },
      ],
    },
    expect: [
      'pool[0]: found 10.20.0.50-10.20.0.65, which contains the peer 10.20.0.60',
      'reservations[0].address: found 10.20.0.70, which is the peer 10.20.0.70',
    ],
  },
  {
    why: 'peers behind a relay agent may be anywhere',
    keys: { interface: undefined, relayed: true, peers: ['192.0.2.3'] },
    expect: [],
  },
  {
    why: 'a peer that cannot be read',
    keys: { peers: ['x'], pool: ['y'], reservations: ['z'] },
    expect: [
      'pool[0]: found "y", wanted a range of addresses such as 10.20.0.50-10.20.0.99, the lower one first',
      'peers[0]: found "x", wanted an IPv4 address such as 10.20.0.2',
      'reservations[0]: found "z", wanted a reservation such as { mac: "00:0e:84:c0:60:a6", address: 10.20.0.10 }',
    ],
  },
  {
    why: 'a router that phones cannot reach works for nobody, but harms nobody',
    keys: { router: ['10.30.0.1'] },
    expect: [
      'router[0]: found 10.30.0.1 outside 10.20.0.0/24: phones without a router cannot reach it',
    ],
  },
  {
    why: 'the probe keeps the router its address, as long as it answers',
    keys: { router: ['10.20.0.1', '10.20.0.60'] },
    expect: [
      'router[1]: found 10.20.0.60 inside the pool 10.20.0.50-10.20.0.99: a phone could get it',
    ],
  },
  {
    why: 'lease times in the wrong order',
    keys: { leaseTime: '2h', maxLeaseTime: '1h' },
    expect: ['leaseTime: lease of 2h for network bench is above maxLeaseTime, which is 1h'],
  },
  {
    why: 'a lease of the usual time is longer than the longest',
    keys: { maxLeaseTime: '2m' },
    expect: ['leaseTime: lease of 5m for network bench is above maxLeaseTime, which is 2m'],
  },
  {
    why: 'an infinite lease is longer than any',
    keys: { name: undefined, leaseTime: 'infinite', maxLeaseTime: '1d' },
    expect: [
      'name: missing, wanted a name of letters, digits, dot, dash and underscore, at most 63',
      'leaseTime: lease of infinite for network without a name is above maxLeaseTime, which is 1d',
    ],
  },
  {
    why: 'a lease for tests',
    keys: { leaseTime: '5s', maxLeaseTime: '10s' },
    expect: ['leaseTime: lease of 5s for network bench is below 60 s: suitable for tests only'],
  },
  {
    why: 'converting every device that comes, not phones alone',
    keys: { autoEnrol: 'to-sip', admit: 'anyone' },
    expect: ['autoEnrol: found to-sip with admit: anyone, wanted enrolled or phones'],
  },
  {
    why: 'one vendor class twice',
    keys: {
      classes: [
        { vendorClass: 'Acme', options: {} },
        { vendorClass: 'Acme', options: {} },
      ],
    },
    expect: ['classes[1].vendorClass: found "Acme" again, first at classes[0]'],
  },
  {
    why: 'phones sent to another TFTP server',
    keys: { tftpServers: ['10.20.0.9'] },
    expect: [
      'tftpServers: without 10.20.0.2, phones use another TFTP server and are not converted',
    ],
  },
  {
    why: 'what cannot be read is judged by nobody',
    keys: {
      subnet: 'x',
      pool: ['y', '10.20.0.1-10.20.0.9'],
      router: ['z'],
      reservations: ['a', { mac: 'b' }],
      classes: [1],
      address: undefined,
    },
    expect: [
      'address: missing, wanted an IPv4 address such as 10.20.0.2',
      'subnet: found "x", wanted a subnet such as 10.20.0.0/24, without host bits',
      'pool[0]: found "y", wanted a range of addresses such as 10.20.0.50-10.20.0.99, the lower one first',
      'router[0]: found "z", wanted an IPv4 address such as 10.20.0.2',
      'reservations[0]: found "a", wanted a reservation such as { mac: "00:0e:84:c0:60:a6", address: 10.20.0.10 }',
      'reservations[1].mac: found "b", wanted a MAC address in quotes such as "00:0e:84:c0:60:a6"',
      'reservations[1].address: missing, wanted an IPv4 address such as 10.20.0.2',
      'classes[0]: found 1, wanted a class such as { vendorClass: "Acme Phone 9", options: { … } }',
    ],
  },
]

t.test('finds what one network cannot be', async (t) => {
  for (const { why, keys, expect } of inNetwork) {
    const wanted = expect.map((line) => `networks[0].${line}`)
    t.same(found(aConfiguration(keys)), wanted, why)
  }
})

const between = [
  {
    why: 'two networks of one name',
    networks: [aNetwork(), aNetwork({ interface: 'eth1', ...elsewhere() })],
    expect: ['networks[1].name: found bench again, first at networks[0].name'],
  },
  {
    why: 'two networks on one interface',
    networks: [aNetwork(), aNetwork({ name: 'lab', ...elsewhere() })],
    expect: ['networks[1].interface: found eth0 again, first at networks[0].interface'],
  },
  {
    why: 'subnets that share addresses',
    networks: [
      aNetwork({ name: 'far', interface: 'eth1', ...elsewhere() }),
      aNetwork(),
      aNetwork({ name: 'lab', interface: 'eth2', subnet: '10.20.0.0/16' }),
    ],
    expect: ['networks[2].subnet: found 10.20.0.0/16, which overlaps 10.20.0.0/24 of networks[1]'],
  },
  {
    why: 'a network that cannot be read overlaps nothing',
    networks: ['x', aNetwork({ subnet: undefined }), aNetwork({ name: 'lab', interface: 'eth2' })],
    expect: [
      'networks[0]: found "x", wanted a network',
      'networks[1].subnet: missing, wanted a subnet such as 10.20.0.0/24, without host bits',
    ],
  },
]

t.test('finds networks that stand in each other’s way', async (t) => {
  for (const { why, networks, expect } of between) t.same(found({ networks }), expect, why)
})

const inFile = [
  {
    why: 'an API that others reach, without a token',
    rest: { api: { listen: '0.0.0.0:8067' } },
    expect: [
      'api.listen: found 0.0.0.0:8067, which other machines can reach; wanted tokenFile, or the variable SWITCHHOOK_API_TOKEN',
    ],
  },
  {
    why: 'with a token they may',
    rest: { api: { listen: '0.0.0.0:8067', tokenFile: './data/api-token' } },
    expect: [],
  },
  {
    why: 'one port for two servers',
    rest: { tftp: { port: 6700 }, dhcp: { port: 6700 } },
    expect: ['tftp.port: found 6700, which is dhcp.port too'],
  },
  {
    why: 'SIP on the port of another server, or among those of transfers',
    network: { callControl: true },
    rest: {
      tftp: { port: 5060, transferPorts: '5000-6000' },
      callControl: { sip: {} },
    },
    expect: [
      'callControl.sip.port: found 5060, which is tftp.port too',
      'tftp.transferPorts: found 5000-6000, which contains callControl.sip.port 5060',
      'tftp.transferPorts: found 5000-6000, which contains tftp.port 5060',
    ],
  },
  {
    why: 'free ports for everything',
    network: { callControl: true },
    rest: {
      tftp: { port: 0 },
      dhcp: { port: 0 },
      callControl: { sip: { port: 0 }, sccp: { port: 0 } },
    },
    expect: [],
  },
  {
    why: 'a network with call control where there is none',
    network: { callControl: true },
    rest: {},
    expect: [
      'networks[0].callControl: found true; wanted the section callControl with sip, sccp or both',
    ],
  },
  {
    why: 'call control without a protocol',
    rest: { callControl: {} },
    expect: ['callControl: found neither sip nor sccp, wanted one of them or both'],
  },
  {
    why: 'call control that no network uses',
    rest: { callControl: { sccp: {} } },
    expect: ['callControl: no network has callControl: true, so it has no effect'],
  },
  {
    why: 'a switch that two entries name, with an address that is none',
    rest: {
      switches: [
        { name: 'sw1', host: '10.20.0.250', snmp: { version: '2c', communityFile: './c' } },
        { name: 'sw1', host: '10.20.0.2500', snmp: { version: '2c', communityFile: './c' } },
      ],
    },
    expect: [
      'switches[1].name: found sw1 again, first at switches[0].name',
      'switches[1].host: found 10.20.0.2500, wanted an IPv4 address or a host name',
    ],
  },
  {
    why: 'the port of a bench on a switch that is listed',
    network: { switchPort: 'sw1/7' },
    rest: {
      switches: [
        { name: 'sw1', host: 'sw1.lab.example', snmp: { version: '2c', communityFile: './c' } },
      ],
      restart: { command: ['/etc/switchhook/power-cycle', '--fast'], timeout: '2m' },
    },
    expect: [],
  },
  {
    why: 'the port of a bench on a switch that is not',
    network: { switchPort: 'sw2/7' },
    rest: {
      switches: [
        { name: 'sw1', host: '10.20.0.250', snmp: { version: '2c', communityFile: './c' } },
      ],
    },
    expect: [
      'networks[0].switchPort: found sw2/7, but there is sw1; wanted a port of a switch in switches',
    ],
  },
  {
    why: 'a port without any switch, and a command that takes too long',
    network: { switchPort: 'sw1/7' },
    rest: { restart: { command: ['/bin/x'], timeout: '121s' } },
    expect: [
      'networks[0].switchPort: found sw1/7, but switches lists none; wanted a port of a switch in switches',
      'restart.timeout: found 2m1s, wanted at most 2m',
    ],
  },
  { why: 'two free ports differ', rest: { tftp: { port: 0 }, dhcp: { port: 0 } }, expect: [] },
  {
    why: 'transfers on the ports of the servers',
    rest: {
      tftp: { port: 6969, transferPorts: '6000-7000' },
      dhcp: { port: 6767 },
    },
    expect: [
      'tftp.transferPorts: found 6000-7000, which contains tftp.port 6969',
      'tftp.transferPorts: found 6000-7000, which contains dhcp.port 6767',
    ],
  },
  {
    why: 'just enough ports',
    rest: { tftp: { transferPorts: '40000-40063' } },
    expect: [],
  },
  {
    why: 'fewer ports than transfers',
    rest: { tftp: { transferPorts: '40000-40062' } },
    expect: [
      'tftp.transferPorts: found 63 ports, wanted at least 64: with fewer, ports are reused too soon',
    ],
  },
  {
    why: 'threads that send files, of which there are none any more',
    rest: { tftp: { workers: 4 } },
    expect: [
      'tftp.workers: ignored: one thread sends all files; the next version will refuse this key',
    ],
  },
  {
    why: 'ports that cannot be read are judged by nobody',
    rest: {
      tftp: { port: 'x', transferPorts: 'x', workers: 'x', maxTransfers: 0 },
      dhcp: 7,
      api: [],
    },
    expect: [
      'api: found a list, wanted keys of the API',
      'tftp.port: found "x", wanted a whole number from 0 to 65535',
      'tftp.workers: found "x", wanted nothing: leave it out',
      'tftp.transferPorts: found "x", wanted a range of ports such as 40000-40999, from 1024 to 65535, the lower one first',
      'tftp.maxTransfers: found 0, wanted a whole number from 1 to 1048576',
      'dhcp: found 7, wanted keys of the DHCP server',
    ],
  },
]

t.test('finds what the file as a whole cannot be', async (t) => {
  for (const { why, rest, network = {}, expect } of inFile) {
    t.same(found(aConfiguration(network, rest)), expect, why)
  }
})

t.test('a token in the environment lets others reach the API', async (t) => {
  const text = JSON.stringify(aConfiguration({}, { api: { listen: '0.0.0.0:8067' } }))
  t.equal(parseSettings(text).kind, 'refused')
  t.equal(parseSettings(text, { tokenInEnvironment: true }).kind, 'ok')
})

function elsewhere(): object {
  return { address: '10.30.0.2', subnet: '10.30.0.0/24', pool: [] }
}
