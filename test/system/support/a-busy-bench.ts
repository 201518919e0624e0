import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import { aLoopbackBench, type LoopbackBench } from './loopback-bench.ts'

/** Phones of the busy bench, by what has become of each. */
export const BUSY = {
  confirmed: '000E84C060A6',
  moving: '000E84C060A7',
  stalled: '000E84C060A8',
  canary: '000E84C060A9',
  pending: '000E84C060AA',
  idle: '000E84C060AB',
} as const

const LOADS = ['P00305000300', 'P0S3-06-3-00', 'P00308000500', 'P0S3-8-12-00'] as const
const [OLD_SCCP, OLD_SIP, SCCP, SIP] = LOADS

/** Ours, because the phone has it by its entry: no lease is needed to be known by it. */
const STALLED_ADDRESS = '127.84.0.60'

/** Asked for by a 7941, and by no phone that can be converted. */
const OF_ANOTHER_MODEL = ['term41.default.loads', 'XMLDefault7941.cnf.xml']

/** A bench on which every part of the page has something to show. */
export async function aBusyBench(t: Test): Promise<LoopbackBench> {
  const bench = await aLoopbackBench(t, { loads: LOADS })
  const { api } = bench.appliance
  await api.put('/v1/profiles/to-sip', {
    protocol: 'sip',
    load: SIP,
    sip: { proxy1_address: '10.20.0.9' },
  })
  for (const [number, mac] of Object.values(BUSY).entries()) {
    await api.put(`/v1/phones/${mac}`, {
      model: number % 2 === 0 ? '7960' : '7940',
      network: 'bench',
      label: `desk ${number + 1}`,
      ...(number < 3 ? { profile: 'to-sip' } : {}),
      ...(mac === BUSY.stalled ? { address: STALLED_ADDRESS } : {}),
      lines: [{ name: `120${number}`, authName: `120${number}`, password: 'not-to-be-seen' }],
    })
  }
  await start(bench, BUSY.confirmed, OLD_SCCP, OLD_SIP)
  const plugged = ['--mac', BUSY.confirmed, '--load', OLD_SCCP, '--until', OLD_SIP]
  t.equal((await bench.simulate([...plugged, '--timeout', '100'])).code, 0)
  await stall(bench)
  const canaries = [BUSY.canary, BUSY.pending]
  await api.put('/v1/rollouts/floor-3', { phones: canaries, from: SCCP, to: SIP })
  await start(bench, BUSY.moving, SCCP, SIP)
  return bench
}

/** Plugs the moving phone in, and comes back with its image on the way. */
export async function plugMovingPhone(bench: LoopbackBench): Promise<void> {
  const plugged = ['--mac', BUSY.moving, '--model', '7940', '--load', SCCP, '--until', SIP]
  void bench.simulate([...plugged, '--speed', '0.5', '--timeout', '120'])
  await conversionIs(bench, BUSY.moving, ({ steps }) => (steps[0]?.progress?.bytes ?? 0) > 0)
}

function start(bench: LoopbackBench, mac: string, from: string, to: string): Promise<unknown> {
  return bench.appliance.api.put(`/v1/phones/${mac}/conversion`, { from, to })
}

/** Another model under the MAC address of an enrolled phone: a mistake that shows at once. */
async function stall(bench: LoopbackBench): Promise<void> {
  await start(bench, BUSY.stalled, OLD_SCCP, OLD_SIP)
  const socket = createSocket('udp4')
  socket.bind(0, STALLED_ADDRESS)
  await once(socket, 'listening')
  // The phone's own name first: without a lease it is known by that alone.
  for (const name of [`SEP${BUSY.stalled}.cnf.xml`, ...OF_ANOTHER_MODEL]) {
    // RFC 1350 section 5: a read request.
    socket.send(`\0\x01${name}\0octet\0`, bench.tftpPort, '127.0.0.1')
  }
  await conversionIs(bench, BUSY.stalled, ({ diagnosis }) => diagnosis?.code === 'other-model')
  socket.close()
}

async function conversionIs(
  { appliance: { api } }: LoopbackBench,
  mac: string,
  holds: (conversion: Conversion) => boolean,
): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; await pause(50)) {
    if (holds(await api.get<Conversion>(`/v1/phones/${mac}/conversion`))) return
  }
  throw new Error(`phone ${mac} did not come where the bench wants it`)
}
