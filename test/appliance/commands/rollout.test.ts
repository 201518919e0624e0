import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { mac } from '../../support/values.ts'

const PHONES = ['000E84C060A6', '000E84C060A7'].map(mac)
const TO = 'P0S3-06-3-00'
const START = ['rollout', 'start', 'floor-3', '--to', TO, '--from', 'P00305000300']

async function aSite(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  const { inventory } = api.services
  for (const each of PHONES)
    await inventory.putPhone({ mac: each, model: '7960', network: 'bench' })
  await addFirmware(inventory, TO)
  return api
}

t.test('a roll-out of a network is started, listed and shown', async (t) => {
  const { run } = await aSite(t)
  const started = await run(...START, '--network', 'bench', '--accept-one-way')
  t.equal(started.code, 0, started.stderr)
  t.match(started.stdout, `floor-3 to ${TO}: running, canaries; 0 of 2 confirmed, 1 in progress`)
  t.match((await run('rollout', 'list')).stdout, /\nfloor-3 +P0S3-06-3-00 +running +2 +0 +1 +0\n/)
  const shown = await run('rollout', 'show', 'floor-3')
  t.match(shown.stdout, /\n000E84C060A6 {2}canary {2}waiting\n000E84C060A7 {10}pending\n/)
  t.match(JSON.parse((await run('rollout', 'show', 'floor-3', '--json')).stdout), { id: 'floor-3' })
  t.match(JSON.parse((await run('rollout', 'list', '--json')).stdout), [{ id: 'floor-3' }])
})

t.test('it is paused, resumed, stopped and deleted', async (t) => {
  const { run } = await aSite(t)
  await run(...START, ...PHONES, '--accept-one-way', '--canaries', '0', '--wave-size', '1')
  t.match((await run('rollout', 'pause', 'floor-3')).stdout, 'paused')
  t.match((await run('rollout', 'resume', 'floor-3')).stdout, 'running, waves')
  t.equal((await run('rollout', 'remove', 'floor-3')).code, 1, 'it goes on')
  t.match((await run('rollout', 'stop', 'floor-3', '--cancel')).stdout, 'stopped (an operator')
  t.equal((await run('rollout', 'resume', 'floor-3')).code, 1)
  t.equal((await run('rollout', 'remove', 'floor-3')).code, 0)
})

t.test('wait ends with 1 where not every phone was confirmed', async (t) => {
  const { run, services } = await aSite(t)
  await run(...START, ...PHONES, '--accept-one-way')
  const [ended] = await Promise.all([
    run('rollout', 'wait', 'floor-3'),
    services.rollouts.change('floor-3', { state: 'stopped', onStop: 'cancel' }),
  ])
  t.equal(ended.code, 1)
  t.match(ended.stdout, 'stopped (an operator stopped it)')
})

t.test('nothing is started where phones are missing or refused', async (t) => {
  const { run } = await aSite(t)
  const nobody = await run(...START)
  t.equal(nobody.code, 64)
  t.match(nobody.stderr, 'name phones, or select them')
  t.equal((await run(...START, '--profile', 'none')).code, 1)
  const unknownDevice = await run(...START, '020000000001')
  t.equal(unknownDevice.code, 1)
  t.match(unknownDevice.stderr, '\n  /phones/0: phone 020000000001 is not enrolled')
  t.equal((await run(...START, '--wave-size', 'many')).code, 64)
})

t.test('what is wrong with many phones is said once', async (t) => {
  const { run } = await aSite(t)
  const unknown = Array.from({ length: 20 }, (_, index) => `0200000000${index + 10}`)
  const refused = await run(...START, ...unknown, ...PHONES, '--canaries', '30')
  t.equal(refused.code, 1)
  t.match(refused.stderr, /^roll-out floor-3 was not started .*: 21 problems/)
  const lines = refused.stderr.trim().split('\n').slice(1)
  t.equal(lines.length, 2)
  t.match(lines[0], /^ {2}\/canaries: 30 canaries of 22 phones/)
  t.match(
    lines[1],
    /^ {2}20 phones \(020000000010, (?:\w+, ){6}020000000017 and 12 more\): each is not enrolled; PUT \/v1\/phones\/MAC first$/,
  )
  const noWay = (await run('rollout', 'start', 'x', '--to', 'P0S3-6-3-00', ...PHONES)).stderr
    .trim()
    .split('\n')
    .slice(1)
  t.equal(noWay.length, 1)
  t.match(noWay[0], /^ {2}2 phones \(000E84C060A6, 000E84C060A7\): (?!each).*\([a-z-]+\)\. /)
  const one = await run(...START, '020000000010')
  t.match(one.stderr, /\/phones\/0: phone 020000000010 is not enrolled/)
})
