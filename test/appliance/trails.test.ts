import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startAppliance } from '../../appliance/compose.ts'
import { aLog } from '../support/a-log.ts'
import { ipOf } from '../support/an-inventory.ts'
import { aConfiguration, settingsOf } from '../support/configuration.ts'
import { dhcpBytes } from '../support/dhcp-bytes.ts'
import { DhcpRelaySocket } from '../support/dhcp-relay-socket.ts'
import { documents } from '../support/documents.ts'
import { ROOT } from '../support/source-files.ts'
import { TftpReader } from '../support/tftp-reader.ts'
import { aFirmwareZip } from '../system/support/a-firmware-zip.ts'
import { freeUdpPort } from '../system/support/appliance-process.ts'

// Which files run for one read request, one DISCOVER and one conversion, as V8 counts them in a whole appliance on
// loopback. What ARCHITECTURE.md says of the three trails is compared with that.

const [FROM, TO] = ['P00308000500', 'P0S3-8-12-00']
/** RFC 8357: the answer comes to the port that the request left by. */
const TO_SOURCE_PORT = '5202 1300'
/** For a phone that is not converted: it has no files of its own. */
const RING_TONE = 'ringer1.raw'
/** A slow machine sees a timer or a write of what was before, another one has other sockets. */
const SPARE = 15
const NUMBERS = ['0', '1', '2']

t.setTimeout(60_000)

/** An appliance that has the firmware, and what speaks to it. */
async function aWholeAppliance(t: Test) {
  const [dhcpPort, tftpPort] = [await freeUdpPort(), await freeUdpPort()]
  const network = {
    ...{ interface: undefined, relayed: true, address: '127.0.0.1', probe: false },
    ...{ subnet: '127.84.0.0/24', pool: ['127.84.0.50-127.84.0.99'] },
  }
  const rest = {
    ...{ dataDir: join(t.testdir(), 'data'), api: { listen: '127.0.0.1:0' } },
    ...{ dhcp: { port: dhcpPort }, tftp: { port: tftpPort } },
  }
  const settings = settingsOf(aConfiguration(network, rest))
  const nothing = { token: null, tls: null, pageDir: null }
  const appliance = await startAppliance({ settings, log: aLog('warn').log, ...nothing })
  t.teardown(() => appliance.close())
  const relay = await DhcpRelaySocket.open({
    ...{ address: '127.84.0.1', port: 0, server: '127.0.0.1', serverPort: dhcpPort },
  })
  t.teardown(() => relay.close())
  const ask = async (method: string, path: string, body: object | Uint8Array, type: string) => {
    const text = body instanceof Uint8Array ? body : JSON.stringify(body)
    const headers = { 'content-type': `application/${type}` }
    const answer = await fetch(`${appliance.apiUrl}${path}`, { method, headers, body: text })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  }
  await ask('PUT', `/v1/files/${RING_TONE}`, new Uint8Array(1_000), 'octet-stream')
  for (const load of [FROM, TO]) await ask('POST', '/v1/firmware', await aFirmwareZip(load), 'zip')
  const put = (path: string, body: object) => ask('PUT', path, body, 'json')
  return { relay, tftp: { address: ipOf('127.0.0.1'), port: tftpPort }, put }
}

type WholeAppliance = Awaited<ReturnType<typeof aWholeAppliance>>

/** Counts the files of ours in which a function ran; not that a file was loaded. */
async function fileCounter(t: Test) {
  const session = new Session()
  session.connect()
  t.teardown(() => session.disconnect())
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const take = async () => (await session.post('Profiler.takePreciseCoverage')).result
  return async (act: () => Promise<unknown>): Promise<ReadonlySet<string>> => {
    await take()
    await act()
    const ran = (await take()).filter(({ functions }) =>
      functions.some(({ ranges: [range] }) => range?.startOffset !== 0 && (range?.count ?? 0) > 0),
    )
    const paths = ran
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => relative(ROOT, fileURLToPath(url)))
    return new Set(paths.filter((path) => /^(?:src|appliance)\/.*\.ts$/.test(path)))
  }
}

/** Everything that one phone causes, from its enrolment to the first block of its first file. */
async function trailsOf(
  mac: string,
  isConverted: boolean,
  { relay, tftp, put }: WholeAppliance,
  count: Awaited<ReturnType<typeof fileCounter>>,
) {
  await put(`/v1/phones/${mac}`, { model: '7960', network: 'bench' })
  const conversion = await count(async () => {
    if (isConverted) await put(`/v1/phones/${mac}/conversion`, { from: FROM, to: TO })
  })
  const patience = { tries: 5, eachMs: 2_000 }
  const message = (options: string) => {
    const bytes = dhcpBytes({ options: `${options} ${TO_SOURCE_PORT} ff` })
    bytes.set(Buffer.from(mac, 'hex'), 28)
    return bytes
  }
  let offer: Buffer | undefined
  const discover = await count(async () => {
    offer = await relay.relay(message('350101'), patience)
  })
  const address = offer?.subarray(16, 20) ?? Buffer.alloc(4)
  const chosen = `350103 3204${address.toString('hex')} 36047f000001`
  await relay.relay(message(chosen), patience)
  const reader = await TftpReader.open(tftp, address.join('.'))
  const read = await count(async () => {
    reader.send({
      kind: 'read',
      name: isConverted ? 'SIPDefault.cnf' : RING_TONE,
      mode: 'octet',
      options: new Map(),
    })
    const { packet } = await reader.next()
    if (packet.kind !== 'data') throw new Error(`${packet.kind} where DATA was expected`)
  })
  reader.close()
  return { read, discover, conversion }
}

type Trails = Awaited<ReturnType<typeof trailsOf>>

/** What is in all of them: a timer that happens to ring in one of them belongs to no trail. */
function common(all: readonly Trails[], name: keyof Trails): ReadonlySet<string> {
  const [first = new Set<string>(), ...others] = all.map((trails) => trails[name])
  return new Set([...first].filter((path) => others.every((other) => other.has(path))))
}

/** A port is types alone: nothing of it runs. */
function isPort(path: string): boolean {
  return !/^export (?:async )?(?:function|class) /m.test(readFileSync(join(ROOT, path), 'utf8'))
}

t.test('the trails of the architecture are those that V8 counts', async (t) => {
  const text = documents().find(({ name }) => name === 'ARCHITECTURE.md')?.text ?? ''
  const drawn = [...text.matchAll(/^\| File \| Does \|\n.*\n((?:\|.*\n)+)/gm)].map(
    ([, rows = '']) => [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => `src/${path}.ts`),
  )
  const said = [...text.matchAll(/^\| an? .* \| (\d+) \| (\d+|–) \| (\d+) \|$/gm)].map((row) =>
    row.slice(1),
  )
  const appliance = await aWholeAppliance(t)
  const count = await fileCounter(t)
  const [plain, converted]: [Trails[], Trails[]] = [[], []]
  for (const nth of NUMBERS)
    plain.push(await trailsOf(`000E84C060A${nth}`, false, appliance, count))
  for (const nth of NUMBERS)
    converted.push(await trailsOf(`000E84C060B${nth}`, true, appliance, count))
  for (const [index, name] of (['read', 'discover', 'conversion'] as const).entries()) {
    const ran = common(converted, name)
    t.same(
      (drawn[index] ?? []).filter((path) => !ran.has(path) && !isPort(path)),
      [],
      `${name}: every file of the trail runs`,
    )
    const ours = [...ran].filter((path) => path.startsWith('appliance/'))
    const counted = [ran.size, common(plain, name).size, ours.length]
    const most = (said[index] ?? []).map((number) => Number(number.replace('–', '0')) + SPARE)
    t.ok(
      most.length === 3 && counted.every((number, at) => number <= (most[at] ?? 0)),
      `${name}: ${counted.join(', ')}: ${[...ran].join(' ')}`,
    )
  }
})
