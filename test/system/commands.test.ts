import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { MAIN, switchhook } from './support/appliance-process.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

const PHONES = ['000E84C060A6', '000E84C060A7', '000E84C060A8']
const [PHONE = ''] = PHONES
const [FROM, TO] = ['P00305000300', 'P0S3-06-3-00']

t.setTimeout(600_000)

t.test('by commands alone: firmware, enrolment, conversion, log, backup', async (t) => {
  const bench = await aLoopbackBench(t, { loads: [] })
  const { appliance, apiUrl } = bench
  const ask = (...args: readonly string[]) => switchhook(...args, '--api', apiUrl)
  const archives = [FROM, TO].map((load) => join(appliance.dir, `${load}.zip`))
  for (const [index, load] of [FROM, TO].entries()) {
    writeFileSync(archives[index] ?? '', await aFirmwareZip(load))
  }
  const taken = await ask('firmware', 'add', ...archives)
  t.equal(taken.code, 0, taken.output)
  const added = await ask('phones', 'add', PHONE, '--model', '7960', '--network', 'bench')
  t.equal(added.code, 0, added.output)
  const converting = ask('convert', PHONE, '--from', FROM, '--to', TO, '--wait')
  await isAskedFor(apiUrl)
  const until = ['--until', TO, '--timeout', '100']
  const phone = await bench.simulate(['--mac', PHONE, '--load', FROM, ...until])
  const converted = await converting
  t.equal(phone.code, 0, phone.output)
  t.equal(converted.code, 0, converted.output)
  t.match(converted.output, `confirmed: the phone has booted ${TO}`)
  t.match((await ask('log', '--mac', PHONE)).output, `${TO} has booted`)
  t.match((await ask('status')).output, 'No conversion is in progress.')
  const copy = join(appliance.dir, 'copy.db')
  const backup = await switchhook('backup', copy, '--data-dir', join(appliance.dir, 'data'))
  t.equal(backup.code, 0, backup.output)
  const restored = await switchhook('restore', copy, '--data-dir', join(appliance.dir, 'again'))
  t.equal(restored.code, 0, restored.output)
})

t.test('convert --wait goes on over a restart of the appliance, and says so', async (t) => {
  const bench = await aLoopbackBench(t, { loads: [FROM, TO] })
  const { appliance, apiUrl } = bench
  await appliance.api.put(`/v1/phones/${PHONE}`, { model: '7960', network: 'bench' })
  const waiting = switchhook(
    'convert',
    PHONE,
    '--from',
    FROM,
    '--to',
    TO,
    '--wait',
    '--api',
    apiUrl,
  )
  await isAskedFor(apiUrl)
  await pause(1000)
  await appliance.kill()
  await pause(1500)
  await appliance.start()
  await bench.simulate(['--mac', PHONE, '--load', FROM, '--until', TO, '--timeout', '100'])
  const { code, output } = await waiting
  t.equal(code, 0, output)
  t.match(output, /the appliance does not answer; asking again.*it answers again.*confirmed/s)
})

t.test('log --follow goes on over a restart: nothing is lost, nothing is told twice', async (t) => {
  const { appliance, apiUrl } = await aLoopbackBench(t, { loads: [] })
  const enrol = (mac: string | undefined) =>
    appliance.api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench' })
  await enrol(PHONES[0])
  const log = spawn(process.execPath, [MAIN, 'log', '--follow', '--json', '--api', apiUrl])
  t.teardown(() => log.kill('SIGKILL'))
  let printed = ''
  let said = ''
  log.stdout.on('data', (text: Buffer) => (printed += text))
  log.stderr.on('data', (text: Buffer) => (said += text))
  const reported = () => [...printed.matchAll(/"mac":"(\w+)"/g)].map(([, mac]) => mac)
  const tells = async (count: number) => {
    for (const until = Date.now() + 60_000; Date.now() < until && reported().length < count; ) {
      await pause(50)
    }
    return reported()
  }
  t.same(await tells(1), PHONES.slice(0, 1))
  await enrol(PHONES[1])
  t.same(await tells(2), PHONES.slice(0, 2))
  await appliance.kill()
  await appliance.start()
  await enrol(PHONES[2])
  t.same(await tells(3), PHONES)
  t.match(said, 'connection lost; reconnecting')
  log.kill('SIGINT')
  const [code, signal] = await once(log, 'exit')
  t.ok(code === 0 || code === 130 || signal === 'SIGINT', 'Ctrl-C is its end')
})

t.test('a roll-out of three phones, canary first, goes on after kill -9', async (t) => {
  const bench = await aLoopbackBench(t, { loads: [FROM, TO] })
  const { appliance, apiUrl } = bench
  const ask = (...args: readonly string[]) => switchhook(...args, '--api', apiUrl)
  for (const mac of PHONES) {
    await appliance.api.put(`/v1/phones/${mac}`, { model: '7960', network: 'bench' })
  }
  const start = ['rollout', 'start', 'three', '--from', FROM, '--to', TO, '--network', 'bench']
  const started = await ask(...start, '--wave-size', '2')
  t.equal(started.code, 0, started.output)
  const simulate = (mac: string) =>
    bench.simulate(['--mac', mac, '--load', FROM, '--until', TO, '--timeout', '100'])
  t.equal((await simulate(PHONE)).code, 0)
  const path = '/v1/rollouts/three'
  type Seen = { readonly counts: { readonly confirmed: number; readonly underWay: number } }
  let seen = await appliance.api.get<Seen>(path)
  while (seen.counts.underWay < 2) seen = await appliance.api.get(`${path}?wait=5`)
  t.equal(seen.counts.confirmed, 1, 'the canary first')
  await appliance.kill()
  await appliance.start()
  const [waited, ...phones] = await Promise.all([
    ask('rollout', 'wait', 'three'),
    ...PHONES.slice(1).map(simulate),
  ])
  for (const phone of phones) t.equal(phone.code, 0, phone.output)
  t.equal(waited.code, 0, waited.output)
  t.match(waited.output, 'three to P0S3-06-3-00: finished; 3 of 3 confirmed')
})

/** A phone that boots before its conversion is asked for has nothing to do. */
async function isAskedFor(apiUrl: string): Promise<void> {
  while (!(await fetch(`${apiUrl}/v1/phones/${PHONE}/conversion`)).ok) await pause(50)
}
