import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type Type from 'typebox'
import { parseIpv4 } from '../../src/net/ipv4.ts'
import { parseScenario, type Scenario } from '../../src/settings/parse-scenario.ts'
import { ScenarioPhone } from '../../src/settings/scenario-schema.ts'
import { DEFAULT_QUIRKS } from '../../src/simulator/phone-quirks.ts'
import { DEFAULT_TIMING } from '../../src/simulator/phone-timing.ts'
import { ROOT } from '../support/source-files.ts'

const PHONE = '{ mac: "02:00:00:00:a0:60", load: P00308000500, expect: unchanged }'

const accepted = (text: string): Scenario => {
  const parsed = parseScenario(text)
  if (parsed.kind === 'refused') throw new Error(JSON.stringify(parsed.problems))
  return parsed.scenario
}

t.test('a scenario is read, with what it leaves out', async (t) => {
  t.match(accepted(`interface: lab1\nphones:\n  - ${PHONE}\n`), {
    interface: 'lab1',
    dhcpPort: 67,
    tftpPort: 69,
    speed: 1,
    watch: { seconds: 180 },
    timeout: { seconds: 600 },
    phones: [
      {
        mac: '02000000A060',
        model: 7960,
        load: 'P00308000500',
        expect: { kind: 'unchanged' },
        powerCycles: [],
        factoryResets: [],
        checkSyncs: [],
        knobs: {},
        timing: {},
      },
    ],
  })
})

t.test('all that can be said of a phone is read', async (t) => {
  const { phones, ...rest } = accepted(`
loopback: 127.84.0.1
server: 127.0.0.1
dhcpPort: 6767
tftpPort: 6969
speed: 20.5
stagger: 2s
watch: 1m
timeout: 1h
phones:
  - mac: 0200.0000.a060
    model: "7940"
    load: P00305000300
    expect: P0S3-8-12-00
    shows: Phone Unprovisioned
    alternateTftp: 10.20.0.9
    powerCycles: [3m, 10m]
    timing: { powerUpMs: 120000, imageRetryMs: [8000, 10000], dhcpRetryMs: [4000] }
    knobs:
      lossRate: 0.02
      requestedOptions: [1, 66, 6, 3, 15, 150, 35, 151]
      tftpServerFrom: [option-66, dhcp-server]
      loaderReads: own-protocol
`)
  t.match(rest, { loopback: parseIpv4('127.84.0.1'), speed: 20.5, stagger: { seconds: 2 } })
  t.match(phones, [
    {
      model: '7940',
      expect: { kind: 'runs', load: 'P0S3-8-12-00' },
      shows: 'Phone Unprovisioned',
      alternateTftp: parseIpv4('10.20.0.9'),
      powerCycles: [{ seconds: 180 }, { seconds: 600 }],
      timing: { powerUpMs: 120_000, imageRetryMs: [8_000, 10_000], dhcpRetryMs: [4_000] },
      knobs: { lossRate: 0.02, tftpServerFrom: ['option-66', 'dhcp-server'] },
    },
  ])
})

t.test('each quirk and each time of a simulated phone is a key, and nothing else is', async (t) => {
  const { knobs, timing } = ScenarioPhone.properties
  t.same(keysOf(knobs), Object.keys(DEFAULT_QUIRKS).sort())
  t.same(keysOf(timing), Object.keys(DEFAULT_TIMING).sort())
})

function keysOf(schema: Type.TObject): readonly string[] {
  return Object.keys(schema.properties).sort()
}

t.test('each fault is named with its line, what was found and what was wanted', async (t) => {
  const long = 'x'.repeat(16)
  const cases: readonly [text: string, line: number, path: string, message: RegExp][] = [
    [`phones:\n- ${PHONE}`, 1, '', /^found neither, wanted either interface or loopback$/],
    [
      `interface: lab1\nloopback: 127.84.0.1\nphones:\n- ${PHONE}`,
      1,
      '',
      /^found both, wanted either interface or loopback$/,
    ],
    [
      `interface: lab1\nserver: 10.20.0.2\nphones:\n- ${PHONE}`,
      2,
      'server',
      /^found an address beside interface, where the server is found by broadcast$/,
    ],
    ['interface: lab1', 1, 'phones', /^missing, wanted a list of phones/],
    ['interface: lab1\nphones: []', 2, 'phones', /^found 0 items, wanted .* \(1 to 1000\)$/],
    [`interface: ${long}\nphones:\n- ${PHONE}`, 1, 'interface', /wanted the name of an interface/],
    [
      `interface: lab1\nspeed: 0\nphones:\n- ${PHONE}`,
      2,
      'speed',
      /^found 0, wanted a number above 0 and up to 1000$/,
    ],
    [
      `interface: lab1\nphones:\n- ${PHONE}\n- ${PHONE}`,
      4,
      'phones[1].mac',
      /^found the phone of phones\[0\] again$/,
    ],
    [
      `interface: lab1\nphones:\n- ${PHONE.replace('P00308000500', 'POO308000500')}`,
      3,
      'phones[0].load',
      /^found "POO308000500", wanted a load of SCCP or SIP .* digit zero$/,
    ],
    [
      `interface: lab1\nphones:\n- ${PHONE.replace('unchanged', 'the same')}`,
      3,
      'phones[0].expect',
      /^found "the same", wanted a load such as P0S3-8-12-00, or one of: unchanged/,
    ],
    [
      `interface: lab1\nphones:\n- ${PHONE.replace('}', ', knobs: { lossrate: 1 } }')}`,
      3,
      'phones[0].knobs.lossrate',
      /^unknown key, did you mean lossRate\?$/,
    ],
    [
      `interface: lab1\nphones:\n- ${PHONE.replace('}', ', shows: "a\\nb" }')}`,
      3,
      'phones[0].shows',
      /wanted a text of the display/,
    ],
    [
      `interface: lab1\ntimeout: 25h\nphones:\n- ${PHONE}`,
      2,
      'timeout',
      /^found 90000 s, wanted at most 86400 s$/,
    ],
    [
      `interface: lab1\nphones:\n- ${PHONE.replace('}', ', powerCycles: [1s, 8d] }')}`,
      3,
      'phones[0].powerCycles[1]',
      /^found 691200 s, wanted at most 604800 s$/,
    ],
  ]
  for (const [text, line, path, message] of cases) {
    const parsed = parseScenario(text)
    t.equal(parsed.kind, 'refused', text)
    if (parsed.kind === 'refused') t.match(parsed.problems, [{ line, path, message }], text)
  }
})

t.test('all faults are reported together, in the order of their lines', async (t) => {
  const parsed = parseScenario('speed: fast\nphones:\n- 7\n')
  t.match(parsed, {
    kind: 'refused',
    problems: [
      { line: 1, path: 'speed', message: /^found "fast"/ },
      { line: 1, path: '', message: /^found neither/ },
      { line: 3, path: 'phones[0]', message: /^found 7, wanted a phone such as/ },
    ],
  })
})

t.test('a document that is not a mapping, or not YAML, is refused', async (t) => {
  t.match(parseScenario('- 1'), { kind: 'refused', problems: [{ message: /^found a list/ }] })
  t.match(parseScenario(''), { kind: 'refused', problems: [{ message: /^found nothing/ }] })
  t.match(parseScenario('a: ['), { kind: 'refused', problems: [{ message: /^line 1/ }] })
})

t.test('the example is a scenario, on an interface that no machine has', async (t) => {
  const example = accepted(readFileSync(join(ROOT, 'config/rehearsal.yaml'), 'utf8'))
  t.equal(example.interface, 'lab1')
  t.equal(example.phones.length, 3)
})

const one = (mac: string, rest: string) =>
  `- { mac: "02:00:00:00:a0:${mac}", load: P00308000500, expect: unchanged, ${rest} }\n`

t.test('a switch feeds phones, one at each port at a time', async (t) => {
  const first = one('60', 'switchPort: 7')
  const second = one('61', 'switchPort: 7, replaces: "02:00:00:00:a0:60", registers: true')
  const head = 'interface: lab1\nswitch: { address: 10.20.0.250, fault: refuses }\nphones:\n'
  const parsed = parseScenario(head + first + second)
  t.match(parsed, {
    kind: 'ok',
    scenario: {
      switch: { address: parseIpv4('10.20.0.250'), prefixLength: 24, snmpPort: 161, group: 1 },
      phones: [
        { switchPort: 7, registers: false },
        { replaces: '02000000A060', registers: true },
      ],
    },
  })
  const cases = [
    {
      text: `interface: lab1\nphones:\n${first}`,
      path: 'phones[0].switchPort',
      message: /^found a port without a switch/,
    },
    {
      text: head + first + one('61', 'switchPort: 7'),
      path: 'phones[1].switchPort',
      message: /^found the port of phones\[0\] again/,
    },
    {
      text: head + second + first,
      path: 'phones[0].replaces',
      message: /^found no phone before it/,
    },
    {
      text: head + first + second + second.replace('a0:61', 'a0:62'),
      path: 'phones[2].replaces',
      message: /^found no phone before it/,
    },
  ]
  for (const { text, path, message } of cases) {
    const refused = parseScenario(text)
    t.equal(refused.kind, 'refused', text)
    if (refused.kind === 'refused') t.match(refused.problems, [{ path, message }], text)
  }
})
