import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import type { Ended } from '../../support/command-line.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { mac } from '../../support/values.ts'

const PHONES = ['000E84C060A6', '000E84C060A7'].map(mac)
const TO = 'P0S3-06-3-00'

async function aSite(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  const { inventory } = api.services
  for (const each of PHONES) await inventory.putPhone({ mac: each, model: '7960' })
  await addFirmware(inventory, TO)
  return { ...api, printed: (...args: readonly string[]) => printing(() => api.run(...args)) }
}

/** What a command writes to standard output, piece by piece: results of tests go there as well. */
async function printing(run: () => Promise<Ended>) {
  const written: string[] = []
  const { write } = process.stdout
  process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write
  try {
    return { ...(await run()), written }
  } finally {
    process.stdout.write = write
  }
}

t.test('the report of each phone is printed, a page each', async (t) => {
  const { run, printed } = await aSite(t)
  const { code, stderr, written } = await printed('report', ...PHONES)
  t.equal(code, 0, stderr)
  const [first, second] = written
  t.match(first, /^Phone 000E84C060A6\n\nSerial number {3}not known\nModel {11}7960\n/)
  t.match(second, /^\fPhone 000E84C060A7\n/)
  t.match(JSON.parse((await run('report', PHONES[0] ?? '', '--json')).stdout), { mac: PHONES[0] })
  t.match(JSON.parse((await run('report', ...PHONES, '--json')).stdout), [
    { mac: PHONES[0] },
    { mac: PHONES[1] },
  ])
})

t.test('the report of a roll-out is printed, as JSON, as CSV', async (t) => {
  const { run, printed } = await aSite(t)
  const args = ['--to', TO, '--from', 'P00305000300', '--accept-one-way', ...PHONES]
  const started = await run('rollout', 'start', 'floor-3', ...args)
  t.equal(started.code, 0, started.stderr)
  t.match((await printed('report', '--rollout', 'floor-3')).written[0], /^Roll-out floor-3\n/)
  const { written } = await printed('report', '--rollout', 'floor-3', '--csv')
  t.match(written[0], /^mac,serial,model,.*\r\n000E84C060A6,,7960,,true,waiting,/)
  t.match(JSON.parse((await run('report', '--rollout', 'floor-3', '--json')).stdout), {
    id: 'floor-3',
    phones: [{ mac: PHONES[0] }, { mac: PHONES[1] }],
  })
})

t.test('it wants phones or a roll-out that there is', async (t) => {
  const { run } = await aSite(t)
  t.equal((await run('report')).code, 64)
  t.equal((await run('report', PHONES[0] ?? '', '--rollout', 'x')).code, 64)
  t.equal((await run('report', PHONES[0] ?? '', '--csv')).code, 64)
  t.equal((await run('report', '020000000001')).code, 1)
  t.equal((await run('report', '--rollout', 'none')).code, 1)
})
