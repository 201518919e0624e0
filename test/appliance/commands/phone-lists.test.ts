import { join } from 'node:path'
import type { Test } from 'tap'
import t from 'tap'
import { seenLoad } from '../../../src/phones/seen-software.ts'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { ipv4, mac, NOW_MS } from '../../support/values.ts'

const A = '000E84C060A6'
const B = '000E84C060A7'

async function aFilledApi(t: Test) {
  const api = await aListeningApi(t)
  const { inventory, conversions } = api.services
  const { tracking, clock, phone } = api.appliance
  await addFirmware(inventory, 'P0S3-8-12-00', 'P0S3-05-3-00', 'P0S3-06-3-00')
  await inventory.putPhone({ mac: mac(A), label: 'desk 42', network: 'bench' })
  await inventory.putPhone({ mac: mac(B), label: 'desk 9', model: '7960' })
  const request = { to: 'P0S3-8-12-00', from: 'P00308000500', path: undefined, acceptOneWay: false }
  await conversions.start(mac(B), request)
  phone(mac(B), ipv4('10.20.0.63')).starts()
  await clock.pass(200_000)
  tracking.onSeen(mac(A), seenLoad('P00308000500', 'web-page', NOW_MS))
  const listed = async (...args: readonly string[]) => {
    const { stdout } = await api.run('phones', 'list', ...args)
    return stdout.split('\n').flatMap((line) => /^[0-9A-F]{12}/.exec(line) ?? [])
  }
  return { ...api, listed }
}

t.test('phones are listed by what the API can filter and sort', async (t) => {
  const { run, listed } = await aFilledApi(t)
  t.same(await listed(), [A, B])
  t.same(await listed('--network', 'bench', '--load', 'P00308000500'), [A])
  t.same(await listed('--state', 'stalled,running'), [B])
  t.same(await listed('--search', 'desk 9'), [B])
  t.same(await listed('--sort', 'label'), [B, A])
  t.same(await listed('--sort', '-mac', '--limit', '1'), [B])
  t.same(await listed('--registered'), [])
  t.same(await listed('--no-registered'), [A, B])
  t.same(await listed('--profile', 'to-sip'), [])
  const wrong = await run('phones', 'list', '--state', 'lost')
  t.equal(wrong.code, 1)
  t.match(wrong.stderr, '/state')
  t.equal((await run('phones', 'list', '--sort', 'colour')).code, 64)
})

t.test('an export goes into a file and back, and changes nothing', async (t) => {
  const { run } = await aFilledApi(t)
  const csv = await run('phones', 'export', '--search', 'desk')
  t.match(csv.stdout, /^mac,model,.*\r\n000E84C060A6,.*\r\n000E84C060A7,7960,.*\n$/)
  const json = await run('phones', 'export', '--json')
  const dir = t.testdir({ 'phones.csv': csv.stdout, 'phones.json': json.stdout })
  for (const file of ['phones.csv', 'phones.json']) {
    const back = await run('phones', 'import', join(dir, file))
    t.same(back, {
      code: 0,
      stdout: '0 created, 0 changed, 2 unchanged, 0 conversions started\n',
      stderr: '',
    })
  }
})

t.test('an import says what it does, a dry run what it would do', async (t) => {
  const { run, services } = await aFilledApi(t)
  const csv =
    `mac;label;to;from\r\n${A};desk 43;;\r\n` +
    `02-00-00-00-a0-60;new;P0S3-8-12-00;P00308000500\r\n${B};desk 9;;\r\n`
  const file = join(t.testdir({ 'phones.csv': csv }), 'phones.csv')
  const dry = await run('phones', 'import', file, '--dry-run')
  t.equal(
    dry.stdout,
    `${A} would change: label\n` +
      '02000000A060 would be enrolled; conversion to P0S3-8-12-00 would start\n' +
      'Dry run, nothing was stored: 1 created, 1 changed, 1 unchanged, 1 conversion to start\n',
  )
  t.equal(services.inventory.phone(mac(A))?.label, 'desk 42')
  const done = await run('phones', 'import', file)
  t.equal(
    done.stdout,
    `${A} changed: label\n` +
      '02000000A060 enrolled; conversion to P0S3-8-12-00 started\n' +
      '1 created, 1 changed, 1 unchanged, 1 conversion started\n',
  )
  t.equal(services.inventory.phone(mac(A))?.label, 'desk 43')
  const again = await run('phones', 'import', file, '--json')
  t.match(JSON.parse(again.stdout), { unchanged: 3, conversions: 0 })
})

t.test('a file with problems stores nothing and names each by row and column', async (t) => {
  const { run, services } = await aFilledApi(t)
  const dir = t.testdir({
    'phones.csv': `mac,label,network\n${A},new,moon\nx,,\n`,
    'phones.json': `[{"mac":"${A}","network":"moon"}]`,
    'wide.csv': Buffer.from('mac,label\n', 'utf16le'),
    'one-way.csv': `mac,to,from\n${B},P0S3-06-3-00,P0S3-04-4-00\n`,
  })
  const csv = await run('phones', 'import', join(dir, 'phones.csv'))
  t.equal(csv.code, 1)
  t.match(csv.stderr, 'nothing was stored: the list has 2 problems')
  t.match(csv.stderr, '\n  row 2, network: there is no network moon')
  t.match(csv.stderr, '\n  row 3, mac: "x" is no MAC address')
  const json = await run('phones', 'import', join(dir, 'phones.json'))
  t.match(json.stderr, '\n  row 1, network: there is no network moon')
  t.match((await run('phones', 'import', join(dir, 'wide.csv'))).stderr, 'UTF-16')
  t.equal((await run('phones', 'import', join(dir, 'none.csv'))).code, 66)
  t.equal(services.inventory.phone(mac(A))?.label, 'desk 42')
  await services.conversions.cancel(mac(B))
  t.match(
    (await run('phones', 'import', join(dir, 'one-way.csv'))).stderr,
    'row 2, to: there is no way back',
  )
  const { conversions, inventory } = services
  const start = conversions.start.bind(conversions)
  conversions.start = async (phone, request) => {
    // Somebody else, between the judgement and the start.
    await inventory.deletePhone(phone)
    return start(phone, request)
  }
  const late = await run('phones', 'import', join(dir, 'one-way.csv'), '--accept-one-way')
  t.equal(late.code, 1)
  t.match(late.stdout, `${B} conversion to P0S3-06-3-00 did not start: the phone was deleted`)
  t.match(late.stderr, '1 conversion did not start; the phones are stored')
})
