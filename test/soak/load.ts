import { randomBytes, randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import { putSharedFile } from '../system/support/a-shared-file.ts'
import { LockstepClient } from '../system/support/lockstep-client.ts'
import type { LoopbackBench } from '../system/support/loopback-bench.ts'
import type { LoopbackClients } from '../system/support/loopback-clients.ts'

/** The two loads between which phones go to and fro. */
export const LOADS = ['P00308000500', 'P0S3-8-12-00'] as const
const PHONE = '000E84C060A6'

const OCTETS = 300_000
/** Blocks that a client does not hear, in a hundred. */
const LOSS_PERCENT = 1
/** Clients that come and go; fewer than the pool has addresses. */
const CLIENTS = 40

/** What was done, by its name. */
export type Work = Record<'leases' | 'files' | 'conversions' | 'hostile' | 'answers', number>

/** A soak that is under way. */
export type Soak = {
  readonly bench: LoopbackBench
  readonly clients: LoopbackClients
  readonly isOver: () => boolean
  readonly work: Work
}

/** DHCP clients that start, restart and come back. */
export async function churn({ clients, isOver, work }: Soak): Promise<void> {
  const held = new Map<string, string>()
  while (!isOver()) {
    const mac = `0200000${(0xb0000 + randomInt(CLIENTS)).toString(16)}`
    const address = held.get(mac)
    if (address === undefined) held.set(mac, await clients.lease(mac))
    else {
      const { type } = await clients.reboot(mac, address)
      if (type !== 5) throw new Error(`${mac} was refused its own ${address}: type ${type}`)
      if (randomInt(4) === 0) held.delete(mac)
    }
    work.leases++
    await pause(10)
  }
}

/** Clients that fetch a file over a link that loses packets. */
export async function fetchLossily(
  t: Pick<Test, 'teardown'>,
  { bench, isOver, work }: Soak,
): Promise<void> {
  await putSharedFile(bench.apiUrl, 'ringer.raw', OCTETS)
  const one = async () => {
    while (!isOver()) {
      const isLost = () => randomInt(100) < LOSS_PERCENT
      const client = await LockstepClient.open(t, bench.tftpPort, isLost)
      client.ask('ringer.raw')
      const octets = await client.finish(await client.next(30_000))
      if (octets !== OCTETS) throw new Error(`${octets} octets of ${OCTETS} arrived`)
      client.close()
      work.files++
    }
  }
  await Promise.all([one(), one(), one(), one()])
}

/** One phone that is converted to and fro. */
export async function convert({ bench, isOver, work }: Soak): Promise<void> {
  const { api } = bench.appliance
  await api.put(`/v1/phones/${PHONE}`, { model: '7960', network: 'bench' })
  for (let turn = 0; !isOver(); turn++) {
    const from = LOADS[turn % 2] as string
    const to = LOADS[(turn + 1) % 2] as string
    await api.put(`/v1/phones/${PHONE}/conversion`, { to, from })
    const until = ['--until', to, '--timeout', '120']
    const { code, output } = await bench.simulate(['--mac', PHONE, '--load', from, ...until])
    if (code !== 0) throw new Error(`the phone did not become ${to}: ${output.slice(-2000)}`)
    work.conversions++
  }
}

/** Datagrams of nonsense, to both servers. */
export async function annoy({ bench, isOver, work }: Soak): Promise<void> {
  const socket = createSocket('udp4')
  while (!isOver()) {
    const nonsense = randomBytes(randomInt(1400))
    // Some that look like something for a while.
    if (nonsense.length > 4) nonsense[work.hostile % 2] = work.hostile % 6
    socket.send(nonsense, work.hostile % 2 === 0 ? bench.dhcpPort : bench.tftpPort, '127.0.0.1')
    work.hostile++
    await pause(5)
  }
  socket.close()
}

/** A page and a Prometheus that look at it. */
export async function watch({ bench, isOver, work }: Soak): Promise<void> {
  while (!isOver()) {
    for (const path of ['/v1/phones', '/v1/leases', '/v1/events?limit=100', '/metrics']) {
      const answer = await fetch(`${bench.apiUrl}${path}`)
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
      work.answers++
    }
    await pause(500)
  }
}
