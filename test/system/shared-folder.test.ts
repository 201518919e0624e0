import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { run } from './support/appliance-process.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

const EMPTY = new TextEncoder().encode('{}')

t.setTimeout(240_000)

t.test('stray entries of the shared folder do not affect the good ones', async (t) => {
  const bench = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const { appliance, tftpPort } = bench
  await appliance.stop()
  const shared = join(appliance.dir, 'shared')
  const at = (name: string) => join(shared, name)
  mkdirSync(at('sub'), { recursive: true })
  writeFileSync(at('ringer.raw'), 'ring')
  const strays = ['pipe', 'out', 'gone', 'itself', 'a:b', 'bell.RAW', 'bell.raw', 'large.iso']
  execFileSync('mkfifo', [at('pipe')])
  symlinkSync('/etc/hostname', at('out'))
  symlinkSync('nowhere', at('gone'))
  symlinkSync('.', at('itself'))
  for (const name of ['a:b', 'bell.RAW', 'bell.raw']) writeFileSync(at(name), 'x')
  writeFileSync(at('large.iso'), new Uint8Array(2 * 1024 * 1024))
  for (let index = 0; index < 2_100; index++) writeFileSync(at(`sub/${index}`), 'x')
  appliance.yaml = appliance.yaml.replace(
    /^tftp: \{ (.*) \}$/m,
    `tftp: { $1, sharedDir: ${shared}, maxSharedFile: 1MiB }`,
  )
  await appliance.start()
  const fetch = async (name: string) => {
    const url = `tftp://127.0.0.1:${tftpPort}/${name}`
    return (await run('curl', ['-sS', '-m', '5', '--interface', '127.84.0.77', url])).output
  }
  t.equal(await fetch('ringer.raw'), 'ring')
  const warned = appliance.output.split('\n').filter((line) => line.includes('tftp.sharedDir'))
  for (const name of strays)
    t.ok(
      warned.some((line) => line.includes(`"${name}\\"`)),
      name,
    )
  t.ok(warned.length <= 21, 'their number is bounded')

  rmSync(at('ringer.raw'))
  rmSync(at('sub'), { recursive: true })
  writeFileSync(at('fresh.raw'), 'new')
  const reloaded = await appliance.api.post<{ warnings: { message: string }[] }>(
    '/v1/reload',
    EMPTY,
    'application/json',
  )
  t.equal(await fetch('fresh.raw'), 'new', 'a reload reads the folder again')
  t.notMatch(await fetch('ringer.raw'), 'ring')
  t.equal(reloaded.warnings.length, strays.length)
  rmSync(shared, { recursive: true })
  const gone = await appliance.api.post<object>('/v1/reload', EMPTY, 'application/json')
  t.match(gone, { warnings: [{ path: 'tftp.sharedDir', message: /cannot be read/ }] })
  t.equal(await fetch('fresh.raw'), 'new', 'what was read is served on')
  await appliance.stop()
  const refused = await appliance.startInVain()
  t.not(refused.code, 0)
  t.match(refused.output, `tftp.sharedDir: ${shared} cannot be read`)
})
