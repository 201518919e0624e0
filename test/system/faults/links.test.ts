import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { aLink, SERVER } from '../support/a-link.ts'
import { CLIENT_INTERFACE, eventually, SERVER_INTERFACE } from '../support/lab.ts'
import { testWith } from '../support/test-with.ts'

t.setTimeout(300_000)

const OCTETS = 3000
const MAC = '02:00:00:00:aa:01'
const TOOLS = ['udhcpc', 'curl']

/** How long it may take until it serves again by itself, in milliseconds. */
const BACK_WITHIN_MS = 45_000

/** A link with one client, a file to get, and what the client gets of both servers. */
async function aServedClient(t: Test) {
  const link = await aLink(t)
  const { lab, dir } = link
  const client = lab.plugIn(MAC)
  const file = join(dir, 'ringer.raw')
  writeFileSync(file, new Uint8Array(OCTETS))
  const type = ['-H', 'content-type: application/octet-stream']
  const put = ['-sSf', '-X', 'PUT', '--data-binary', `@${file}`, ...type]
  await lab.run(lab.server, 'curl', ...put, 'http://127.0.0.1:8067/v1/files/ringer.raw')
  const ip = async (...args: readonly string[]) => {
    const { code, output } = await lab.run(lab.server, 'ip', ...args)
    t.equal(code, 0, `ip ${args.join(' ')} ${output}`)
  }
  const ask = async (path: string, ...args: readonly string[]) => {
    const url = `http://127.0.0.1:8067${path}`
    return (await lab.run(lab.server, 'curl', '-sS', ...args, url)).output
  }
  const getsLease = async () => {
    const patience = ['-f', '-q', '-n', '-t', '2', '-T', '1', '-A', '1', '-s', '/bin/true']
    const { code } = await lab.run(client, 'udhcpc', '-i', CLIENT_INTERFACE, ...patience)
    return code === 0
  }
  const getsFile = async (server = SERVER) => {
    lab.setAddress(client, '10.20.0.200/24')
    const url = `tftp://${server}/ringer.raw`
    const { output } = await lab.run(
      client,
      'curl',
      '-s',
      '-m',
      '4',
      url,
      '-o',
      join(dir, 'got'),
      '-w',
      '%{size_download}',
    )
    return output === `${OCTETS}`
  }
  t.ok(await getsLease(), 'a lease before')
  t.ok(await getsFile(), 'a file before')
  return { ...link, ip, ask, getsLease, getsFile }
}

const isTrue = (answer: boolean) => answer

testWith(TOOLS, 'an interface is removed and made again: it is served again', async (t) => {
  const { ip, getsLease, getsFile } = await aServedClient(t)
  await ip('link', 'del', SERVER_INTERFACE)
  t.notOk(await getsLease(), 'nobody is there')
  await ip('link', 'add', SERVER_INTERFACE, 'type', 'bridge')
  await ip('link', 'set', 'p0', 'master', SERVER_INTERFACE, 'up')
  await ip('link', 'set', SERVER_INTERFACE, 'up')
  await ip('addr', 'add', `${SERVER}/24`, 'dev', SERVER_INTERFACE)
  t.ok(await eventually(getsLease, isTrue, BACK_WITHIN_MS), 'a lease again')
  t.ok(await eventually(getsFile, isTrue, BACK_WITHIN_MS), 'a file again')
})

testWith(TOOLS, 'our address is gone: that is said, and it serves once it is back', async (t) => {
  const { ip, getsLease, getsFile, appliance, ask } = await aServedClient(t)
  await ip('addr', 'del', `${SERVER}/24`, 'dev', SERVER_INTERFACE)
  t.ok(await getsLease(), 'a client without an address is sent frames, which need none of ours')
  t.notOk(await getsFile())
  t.match(await ask('/readyz'), `not assigned to an interface: ${SERVER}`)
  t.ok(await appliance.printed('"address.gone"'))
  await ip('addr', 'add', `${SERVER}/24`, 'dev', SERVER_INTERFACE)
  t.ok(await eventually(getsFile, isTrue, BACK_WITHIN_MS), 'a file again')
  t.ok(await appliance.printed('"address.back"'))
  // What was seen last is told for a second.
  const isReady = async () => !(await ask('/readyz')).includes('not assigned to an interface')
  t.ok(await eventually(isReady, isTrue, BACK_WITHIN_MS), 'and says that it is ready')
})

testWith(TOOLS, 'another address in place of ours: what is to be done is said', async (t) => {
  const { ip, getsLease, getsFile, appliance, ask } = await aServedClient(t)
  const renumbered = '10.20.0.3'
  await ip('addr', 'del', `${SERVER}/24`, 'dev', SERVER_INTERFACE)
  await ip('addr', 'add', `${renumbered}/24`, 'dev', SERVER_INTERFACE)
  t.notOk(await getsFile())
  t.match(await ask('/readyz'), `not assigned to an interface: ${SERVER}`)
  appliance.yaml = appliance.yaml.replaceAll(SERVER, renumbered)
  writeFileSync(appliance.config, appliance.yaml.replaceAll('{dir}', appliance.dir))
  const reload = JSON.parse(await ask('/v1/reload', '-X', 'POST'))
  t.match(reload, { applied: false, restartNeeded: ['networks[0]'] })

  t.equal(await appliance.stop(), 0)
  await appliance.start()
  t.ok(await getsLease(), 'the client that had its lease from the old address')
  t.ok(await getsFile(renumbered))
  t.notMatch(await ask('/readyz'), 'not assigned to an interface')
})
