import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openSqlite } from '../../../src/adapters/sqlite/driver.ts'
import { aLink, BENCH, SERVER } from '../support/a-link.ts'
import { switchhook } from '../support/appliance-process.ts'
import { CLIENT_INTERFACE, eventually, SERVER_INTERFACE } from '../support/lab.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'
import { testWith } from '../support/test-with.ts'

t.setTimeout(300_000)

const CLOSE_SOCKETS = new URL('../support/close-sockets.mjs', import.meta.url).href

/** How long a cause may take to be seen, or its end, in milliseconds. */
const SEEN_WITHIN_MS = 20_000

/** Two looks in a row must be missed. */
const GONE_WITHIN_MS = 120_000

type Problem = { readonly name: string; readonly where: string; readonly message: string }
type Readiness = {
  readonly status: number
  readonly problems: readonly Problem[]
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[]
}

/** One problem, by its parts or by its message alone; null: none. */
type Wanted =
  | { readonly name: string; readonly where: string; readonly message?: RegExp }
  | RegExp
  | null

const isReady = ({ status }: Readiness) => status === 200
const isNotReady = ({ status }: Readiness) => status === 503

/** What `/readyz` and `/v1/status` say, which must be the same. */
function asked(t: Test, get: (path: string) => Promise<{ status: number; body: string }>) {
  const ask = async (): Promise<Readiness> => {
    const { status, body } = await get('/readyz')
    const { problems, checks } = JSON.parse(body)
    return { status, problems, checks }
  }
  return async (becomes: 'ready' | 'not-ready', problem: Wanted, withinMs = SEEN_WITHIN_MS) => {
    const says = problem instanceof RegExp ? problem : problem?.message
    const isWanted = (found: Readiness) =>
      becomes === 'ready'
        ? isReady(found)
        : isNotReady(found) && found.problems.some(({ message }) => says?.test(message) ?? true)
    const found = await eventually(ask, isWanted, withinMs)
    t.ok(isWanted(found), `${becomes}: ${JSON.stringify(found.problems)}`)
    if (problem === null) t.same(found.problems, [])
    else if (problem instanceof RegExp) t.match(found.problems, [{ message: problem }])
    else t.match(found.problems, [problem])
    const { ready } = JSON.parse((await get('/v1/status')).body)
    t.equal(ready, becomes === 'ready', 'and the status says the same')
    return found
  }
}

/** An appliance on loopback. */
async function aBench(t: Test, before: readonly string[] = []) {
  const bench = await aLoopbackBench(t, { loads: [], admit: 'anyone', before })
  const expect = asked(t, async (path) => {
    const answer = await fetch(`${bench.apiUrl}${path}`)
    return { status: answer.status, body: await answer.text() }
  })
  return { ...bench, expect, file: join(bench.appliance.dir, 'data', 'switchhook.db') }
}

/** An appliance on a link of its own. */
async function onALink(t: Test, network = BENCH) {
  const link = await aLink(t, network)
  const { lab } = link
  lab.plugIn('02:00:00:00:aa:01')
  const expect = asked(t, async (path) => {
    const url = `http://127.0.0.1:8067${path}`
    const { output } = await lab.run(lab.server, 'curl', '-sS', '-w', '\n%{http_code}', url)
    const [body = '', status] = output.trim().split('\n')
    return { status: Number(status), body }
  })
  const ip = async (...args: readonly string[]) => {
    const { code, output } = await lab.run(lab.server, 'ip', ...args)
    t.equal(code, 0, `ip ${args.join(' ')} ${output}`)
  }
  return { ...link, expect, ip }
}

t.test('an idle appliance whose database another process has locked', async (t) => {
  const { expect, file } = await aBench(t)
  await expect('ready', null)
  const other = openSqlite(file)
  other.exec('BEGIN IMMEDIATE')
  await expect('not-ready', { name: 'database', where: file, message: /is locked/ })
  other.exec('COMMIT')
  other.close()
  await expect('ready', null)
})

t.test('a commit that fails, and the command that says so', async (t) => {
  const { apiUrl, expect, file, dhcpPort } = await aBench(t)
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  const other = openSqlite(file)
  other.exec('BEGIN IMMEDIATE')
  const { yiaddr } = await clients.ask('02000000aa01', '350101')
  t.equal((await clients.request('02000000aa01', yiaddr, 1)).type, 0, 'no ACK')
  await expect('not-ready', /is locked/)
  const status = await switchhook('status', '--api', apiUrl)
  t.equal(status.code, 1)
  t.match(status.output, /is NOT ready;[^\n]*\n {2}cannot write to .*is locked/)
  other.exec('COMMIT')
  other.close()
  await expect('ready', null)
  t.equal((await switchhook('status', '--api', apiUrl)).code, 0)
})

t.test('a database file that was moved away, or another in its place', async (t) => {
  const { expect, file } = await aBench(t)
  renameSync(file, `${file}.away`)
  await expect('not-ready', /switchhook\.db no longer exists: changes stored from now on are lost/)
  writeFileSync(file, '')
  // Who asks within a second gets the answer that was there.
  await pause(1000)
  await expect('not-ready', /switchhook\.db has been replaced by another file/)
  renameSync(`${file}.away`, file)
  await expect('ready', null)
  rmSync(`${file}-wal`)
  await expect('not-ready', /switchhook\.db-wal no longer exists/)
})

t.test('a full disk', async (t) => {
  if (process.getuid?.() !== 0) return t.comment('left out: mounting a small disk needs root')
  const { appliance, expect } = await aBench(t)
  await appliance.kill()
  const disk = join(appliance.dir, 'small')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
  t.teardown(() => execFileSync('umount', ['--lazy', disk]))
  appliance.yaml = appliance.yaml.replace(/^dataDir: .*$/m, `dataDir: ${disk}/data`)
  await appliance.start()
  await expect('ready', null)
  const filler = join(disk, 'filler')
  t.throws(() => writeFileSync(filler, Buffer.alloc(8_000_000)), { code: 'ENOSPC' })
  await expect('not-ready', /full|disk I\/O error/)
  rmSync(filler)
  await expect('ready', null)
})

t.test('sockets of DHCP and TFTP that are gone', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'switchhook-sockets-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const order = join(dir, 'close')
  const options = `NODE_OPTIONS=--import=${CLOSE_SOCKETS}`
  const before = ['env', options, `SWITCHHOOK_TEST_CLOSE_SOCKETS=${order}`]
  const { expect, dhcpPort, tftpPort } = await aBench(t, before)
  await expect('ready', null)
  writeFileSync(order, `${dhcpPort}`)
  await expect('not-ready', { name: 'dhcp', where: '127.0.0.1' })
  await expect('ready', null)
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  t.equal(await clients.lease('02000000aa01'), '127.84.0.50', 'and it serves')
  writeFileSync(order, `${tftpPort}`)
  await expect('not-ready', { name: 'tftp', where: '127.0.0.1' })
  await expect('ready', null)
})

testWith(['curl'], 'a link that is switched off, and one without a carrier', async (t) => {
  const { expect, ip, appliance } = await onALink(t)
  await expect('ready', null)
  await ip('link', 'set', SERVER_INTERFACE, 'down')
  const off = new RegExp(`^the link of ${SERVER_INTERFACE} is down: the interface is disabled`)
  const { problems } = await expect('not-ready', off)
  t.equal(problems.length, 1, 'nothing else is said of its address')
  t.ok(await appliance.printed('"link.down"'))
  t.notMatch(appliance.output, 'address.gone')
  await ip('link', 'set', SERVER_INTERFACE, 'up')
  await expect('ready', null)
  t.ok(await appliance.printed('"link.up"'))
  await ip('link', 'set', 'p0', 'down')
  const dead = new RegExp(`^the link of ${SERVER_INTERFACE} is down: no carrier`)
  await expect('not-ready', dead)
  await ip('link', 'set', 'p0', 'up')
  await expect('ready', null)
})

testWith(['curl'], 'an address, or a whole interface, that is gone', async (t) => {
  const { expect, ip } = await onALink(t)
  await ip('addr', 'del', `${SERVER}/24`, 'dev', SERVER_INTERFACE)
  await expect('not-ready', { name: 'addresses', where: SERVER })
  await ip('addr', 'add', `${SERVER}/24`, 'dev', SERVER_INTERFACE)
  await expect('ready', null)
  await ip('link', 'del', SERVER_INTERFACE)
  await expect('not-ready', { name: 'interfaces', where: SERVER_INTERFACE })
  await ip('link', 'add', SERVER_INTERFACE, 'type', 'bridge')
  await ip('link', 'set', 'p0', 'master', SERVER_INTERFACE, 'up')
  await ip('link', 'set', SERVER_INTERFACE, 'up')
  await ip('addr', 'add', `${SERVER}/24`, 'dev', SERVER_INTERFACE)
  await expect('ready', null)
})

testWith(['curl', 'dnsmasq'], 'a network that is left to another DHCP server', async (t) => {
  const { expect, lab, appliance } = await onALink(t, `${BENCH}    onRogueServer: refuse\n`)
  await expect('ready', null)
  const other = lab.plugIn('02:00:00:00:66:66')
  lab.setAddress(other, '10.20.0.254/24')
  const rogue = lab.startIn(
    other,
    'dnsmasq',
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--port=0',
    '--user=root',
    '--pid-file=',
    '--leasefile-ro',
    `--interface=${CLIENT_INTERFACE}`,
    '--dhcp-authoritative',
    '--dhcp-range=10.20.0.150,10.20.0.160,1h',
  )
  t.teardown(() => rogue.stop())
  await appliance.stop()
  await appliance.start()
  const left = /network bench is not served: another DHCP server .*\(10\.20\.0\.254\)$/
  await expect('not-ready', /network bench is not served/)
  t.ok(await appliance.printed('"dhcp.rogue.seen"', 60_000))
  await expect('not-ready', { name: 'networks', where: 'bench', message: left }, GONE_WITHIN_MS)
  await rogue.stop()
  await expect('ready', null, GONE_WITHIN_MS)
})
