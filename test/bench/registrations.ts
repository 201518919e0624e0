import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { eachOf } from '../support/each-of.ts'
import { anAppliance, freeTcpPort, freeUdpPort } from '../system/support/appliance-process.ts'
import { LoopbackClients } from '../system/support/loopback-clients.ts'
import { Teardown } from './lab/teardown.ts'

// What registrations cost: 5,000 enrolled phones with leases, each of which registers again every 60 s, against the
// built appliance on loopback. Processor time is that of the appliance's process, from /proc, over whole minutes.
//   npm run bench:registrations -- [phones] [minutes]

const [phones = 5_000, minutes = 2] = process.argv.slice(2).map(Number)
const EVERY_MS = 60_000
/** Enrolments and leases that are under way at once. */
const AT_ONCE = 32
/** Of the kernel: hundredths of a second. */
const TICKS_PER_SECOND = 100

const teardown = new Teardown()
const ports = await Promise.all([freeTcpPort(), freeUdpPort(), freeUdpPort(), freeUdpPort()])
const [apiPort, dhcpPort, tftpPort, sipPort] = ports as [number, number, number, number]

const YAML = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:${apiPort}' }
dhcp: { port: ${dhcpPort} }
tftp: { port: ${tftpPort} }
callControl: { sip: { port: ${sipPort} } }
networks:
  - name: bench
    relayed: true
    address: 127.0.0.1
    subnet: 127.84.0.0/16
    pool: [127.84.1.0-127.84.40.255]
    leaseTime: 12h
    admit: enrolled
    probe: false
    callControl: true
`

type BenchPhone = { readonly mac: string; readonly address: string; socket?: Socket; count: number }

try {
  await bench()
} finally {
  await teardown.run()
}

async function bench(): Promise<void> {
  const appliance = await anAppliance(
    { teardown: (act: () => unknown) => teardown.add(act as () => void) },
    YAML,
    { apiPort },
  )
  const clients = await LoopbackClients.behindRelay(
    { teardown: (act: () => unknown) => teardown.add(act as () => void) },
    dhcpPort,
  )
  const macs = Array.from({ length: phones }, (_, index) => {
    return `000e84${index.toString(16).padStart(6, '0')}`
  })
  const all: BenchPhone[] = []
  await eachOf(macs, AT_ONCE, async (mac) => {
    const body = { model: '7960', network: 'bench', lines: [{ name: '1201' }] }
    await appliance.api.put(`/v1/phones/${mac.toUpperCase()}`, body)
  })
  // One after the other: the relay agent waits for each answer.
  for (const mac of macs) all.push({ mac, address: await clients.lease(mac), count: 0 })
  console.log(`${all.length} phones are enrolled and have leases`)
  let answers = 0
  await eachOf(all, AT_ONCE, async (phone) => {
    const socket = createSocket('udp4')
    socket.on('message', (bytes) => {
      if (bytes.toString('latin1', 0, 11) === 'SIP/2.0 200') answers++
    })
    socket.bind(0, phone.address)
    await once(socket, 'listening')
    teardown.add(() => void socket.close())
    phone.socket = socket
  })
  // The first round registers everybody and is not measured.
  await round(all)
  const registered = await appliance.api.get(`/v1/phones/${all.at(-1)?.mac.toUpperCase()}`)
  if ((registered as { registration: unknown }).registration === null) {
    throw new Error('the last phone is not registered')
  }
  answers = 0
  const before = { cpu: cpuSeconds(appliance.pid), atMs: performance.now() }
  for (let minute = 0; minute < minutes; minute++) await round(all)
  await pause(1_000)
  const seconds = (performance.now() - before.atMs) / 1_000
  const share = (cpuSeconds(appliance.pid) - before.cpu) / seconds
  console.log(
    `${answers} of ${phones * minutes} refreshes answered in ${seconds.toFixed(1)} s: ` +
      `${(share * 100).toFixed(2)} % of one core, ${((share * seconds * 1e6) / answers).toFixed(0)} us each`,
  )
}

/** One refresh of every phone, spread over a minute. */
async function round(all: readonly BenchPhone[]): Promise<void> {
  const beganAtMs = performance.now()
  for (const [index, phone] of all.entries()) {
    const waitMs = beganAtMs + (index * EVERY_MS) / all.length - performance.now()
    if (waitMs > 5) await pause(waitMs)
    phone.socket?.send(register(phone), sipPort, '127.0.0.1')
  }
  await pause(Math.max(0, beganAtMs + EVERY_MS - performance.now()))
}

function register(phone: BenchPhone): string {
  const { mac, address } = phone
  const port = phone.socket?.address().port
  phone.count++
  return [
    'REGISTER sip:127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${mac}${phone.count}`,
    `From: <sip:1201@127.0.0.1>;tag=${mac}0002479b1bd5-2e2cb2a9`,
    'To: <sip:1201@127.0.0.1>',
    `Call-ID: ${mac.slice(0, 8)}-${mac.slice(8)}0002-63a6dd5e-3bd6f6b2@${address}`,
    'Max-Forwards: 70',
    `CSeq: ${100 + phone.count} REGISTER`,
    'User-Agent: Cisco-CP7960G/8.0',
    `Contact: <sip:1201@${address}:${port};user=phone;transport=udp>;+sip.instance="<urn:uuid:00000000-0000-0000-0000-${mac}>"`,
    'Content-Length: 0',
    'Expires: 120',
    '',
    '',
  ].join('\r\n')
}

/** User and system time of a process. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
