import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { anAppliance, run } from './support/appliance-process.ts'
import { Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const SERVER = '10.20.0.2'
const YAML = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:8067' }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: ${SERVER}
    subnet: 10.20.0.0/24
    probe: false
`

/** SIPp as a phone with SIP 8.x that answers one OPTIONS. */
const ANSWERS = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="options">
<recv request="OPTIONS"></recv>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=1
[last_Call-ID:]
[last_CSeq:]
Server: Cisco-CP7960G/8.0
Content-Length: 0

]]></send>
</scenario>
`

const page = (mac: string) =>
  `<DeviceInformation><MACAddress>${mac}</MACAddress><appLoadID>P00308010200</appLoadID>` +
  '<serialNumber>INM07120XYZ</serialNumber><modelNumber>CP-7940</modelNumber></DeviceInformation>'

t.setTimeout(300_000)

testWith(
  ['busybox', 'sipp', 'curl', 'tshark', 'dumpcap'],
  'a survey asks real servers, and believes the phone that is there alone',
  async (t) => {
    const lab = Lab.open(t, `${SERVER}/24`)
    await anAppliance(t, YAML, { apiPort: 8067, prefix: lab.besideServer })
    const dir = mkdtempSync(join(tmpdir(), 'switchhook-survey-'))
    t.teardown(() => rmSync(dir, { recursive: true, force: true }))
    const ask = async (method: string, path: string, body?: object) => {
      const json = ['-H', 'content-type: application/json', '--data-binary', JSON.stringify(body)]
      const args = ['-sS', '--fail-with-body', '-X', method, ...(body === undefined ? [] : json)]
      const url = `http://127.0.0.1:8067${path}`
      const { code, output } = await run('ip', ['netns', 'exec', lab.server, 'curl', ...args, url])
      t.equal(code, 0, output)
      return JSON.parse(output)
    }
    const macs = ['0002B9A0A061', '0002B9A0A062', '0002B9A0A063', '0002B9A0A064'] as const
    const places = macs.map((mac, index) => {
      const place = lab.plugIn(mac.match(/../g)?.join(':') ?? '')
      lab.setAddress(place, `10.20.0.${61 + index}/24`)
      return place
    })
    for (const [index, mac] of macs.entries()) {
      const address = `10.20.0.${61 + index}`
      await ask('PUT', `/v1/phones/${mac}`, { model: null, network: 'bench', address })
    }
    const [sccp = '', liar = '', sip = ''] = places
    for (const [place, mac] of [
      [sccp, macs[0]],
      [liar, macs[0]],
    ] as const) {
      const www = join(dir, place)
      mkdirSync(www)
      writeFileSync(join(www, 'DeviceInformationX'), page(mac))
      lab.startIn(place, 'busybox', 'httpd', '-f', '-p', '80', '-h', www)
    }
    const scenario = join(dir, 'options.xml')
    writeFileSync(scenario, ANSWERS)
    const uas = ['-sf', scenario, '-i', '10.20.0.63', '-p', '5060', '-m', '1', '-nostdin']
    lab.startIn(sip, 'sipp', ...uas)
    const capture = join(dir, 'survey.pcap')
    // Not by tshark, which starts this one and leaves it behind when it is killed.
    const sniffing = lab.startIn(lab.server, 'dumpcap', '-q', '-i', SERVER_INTERFACE, '-w', capture)
    await pause(3_000)
    const { id } = await ask('POST', '/v1/surveys', {
      addresses: ['10.20.0.61', '10.20.0.62', '10.20.0.63', '10.20.0.64'],
    })
    let survey = await ask('GET', `/v1/surveys/${id}`)
    for (let turn = 0; turn < 60 && survey.state === 'running'; turn++) {
      await pause(500)
      survey = await ask('GET', `/v1/surveys/${id}`)
    }
    t.match(survey, { state: 'done', total: 4, done: 4 })
    t.match(survey.phones, [
      { mac: macs[0], model: '7940', protocol: 'sccp', load: 'P00308010200', by: 'web-page' },
      { mac: macs[1], protocol: null, load: null, serial: null },
      { mac: macs[2], model: '7960', protocol: 'sip', load: null, by: 'options' },
      { mac: macs[3], model: null, protocol: null, load: null, serial: null, by: null },
    ])
    t.match((await ask('GET', `/v1/phones/${macs[0]}`)).seen, {
      load: 'P00308010200',
      protocol: 'sccp',
      by: 'web-page',
    })
    t.equal((await ask('GET', `/v1/phones/${macs[1]}`)).seen, null)
    const { events } = await ask('GET', `/v1/events?mac=${macs[1]}&limit=50`)
    t.ok(events.some(({ event }: { event: string }) => event === 'survey.answer.refused'))
    await pause(1_000)
    await sniffing.stop('SIGTERM')
    const count = async (filter: string) => {
      const { output } = await run('tshark', ['-n', '-r', capture, '-Y', filter])
      return output.split('\n').filter((line) => /\d/.test(line)).length
    }
    t.equal(await count('sip.Method == "OPTIONS" && ip.dst == 10.20.0.63'), 1)
    t.equal(
      await count('sip.Method == "OPTIONS" && ip.dst == 10.20.0.64 && !icmp'),
      3,
      'sent twice again',
    )
    const complaint = '(_ws.malformed || _ws.expert.severity >= "Warning") && sip'
    t.equal(await count(complaint), 0, "Wireshark's dissector has no complaint")
    t.equal(await count('tcp.flags.syn == 1 && tcp.flags.ack == 0 && ip.dst == 10.20.0.61'), 1)
  },
)
