import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  ApplianceProcess,
  anAppliance,
  freeTcpPort,
  freeUdpPort,
  MAIN,
  run,
  switchhook,
} from './support/appliance-process.ts'

/** `sysexits.h`: something that is needed is not there. */
const UNAVAILABLE = 69

/** An appliance on loopback with ports of its own. */
async function yamlFor(dataDir: string) {
  const [apiPort, dhcpPort, tftpPort] = await Promise.all([
    freeTcpPort(),
    freeUdpPort(),
    freeUdpPort(),
  ])
  const yaml = `
dataDir: '${dataDir}'
api: { listen: '127.0.0.1:${apiPort}' }
dhcp: { port: ${dhcpPort} }
tftp: { port: ${tftpPort} }
networks:
  - { name: bench, relayed: true, address: 127.0.0.1, subnet: 127.84.0.0/24, probe: false }
`
  return { yaml, apiPort }
}

/** Another appliance for the same folder, with nothing else in common. */
async function aSecond(t: Test, dataDir: string, prefix: readonly string[] = []) {
  const { yaml, apiPort } = await yamlFor(dataDir)
  const second = new ApplianceProcess(yaml, { apiPort, prefix, rehearsal: false })
  t.teardown(() => second.remove())
  return second
}

t.setTimeout(240_000)

t.test('a data folder has one owner, who is named, and who may be killed', async (t) => {
  const { yaml, apiPort } = await yamlFor('{dir}/data')
  const first = await anAppliance(t, yaml, { apiPort })
  const data = join(first.dir, 'data')
  await first.api.put('/v1/phones/000E84C060A6', { model: '7960' })

  const second = await aSecond(t, data)
  const refused = await second.startInVain()
  t.equal(refused.code, UNAVAILABLE, refused.output)
  t.match(refused.output, `in use by process ${first.pid} on host `)
  t.match(refused.output, `its API at http://127.0.0.1:${apiPort}`)
  const backup = join(first.dir, 'backup.db')
  t.equal((await switchhook('backup', backup, '--data-dir', data)).code, 0, 'a copy may be made')
  t.equal((await first.api.get<unknown[]>('/v1/phones')).length, 1, 'the first serves on')

  await first.kill()
  await second.start()
  t.equal((await second.api.get<unknown[]>('/v1/phones')).length, 1, 'and its data is the second’s')
  const late = await first.startInVain()
  t.equal(late.code, UNAVAILABLE)
  t.match(late.output, `in use by process ${second.pid} `)
})

t.test('two that start at the same moment: one serves, one ends', async (t) => {
  const dir = t.testdir()
  const both = await Promise.all([aSecond(t, join(dir, 'data')), aSecond(t, join(dir, 'data'))])
  const children = both.map((one) => one.launch())
  const [code] = await Promise.race(children.map((child) => once(child, 'exit')))
  t.equal(code, UNAVAILABLE)
  const winner = both[children.findIndex(({ exitCode }) => exitCode === null)]
  t.ok(await winner?.printed('"appliance.ready"', 60_000))
})

t.test('the demonstration keeps out of a demonstration that runs, too', async (t) => {
  const dir = t.testdir()
  const second = await aSecond(t, join(dir, 'data-demo'))
  await second.start()
  const demo = await run('sh', [
    '-c',
    `cd '${dir}' && exec '${process.execPath}' '${MAIN}' demo --once`,
  ])
  t.equal(demo.code, UNAVAILABLE)
  t.match(demo.output, `data-demo is in use by process ${second.pid} `)
})

t.test('a folder that cannot be written to is named, and what to do', async (t) => {
  const mounts = await run('unshare', ['--mount', 'true']).catch(() => ({ code: 1 }))
  if (mounts.code !== 0) return t.comment('left out: no mounts here')
  const dir = t.testdir({ data: {} })
  const mount = `mount -t tmpfs -o ro none '${dir}/data' && exec "$@"`
  const second = await aSecond(t, join(dir, 'data'), [
    'unshare',
    '--mount',
    'sh',
    '-c',
    mount,
    'sh',
  ])
  const { code, output } = await second.startInVain()
  t.equal(code, UNAVAILABLE)
  t.match(output, /dataDir: .*data cannot be written: the file system is read-only; wanted/)
  rmSync(join(dir, 'data'), { recursive: true })
})
