import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { anAppliance, MAIN, run } from './support/appliance-process.ts'
import { Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

const FROM = 'P00308000500'
const TO = 'P0S3-8-12-00'
const MAC = '02000000A060'
const IMAGE = 'P003-8-12-00.bin'

const yamlFor = (apiPort: number) => `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:${apiPort}' }
tftp: { sharedTriggers: true }
networks:
  - name: bench
    interface: ${SERVER_INTERFACE}
    address: 10.20.0.2
    subnet: 10.20.0.0/24
    pool: [10.20.0.50-10.20.0.99]
    admit: anyone
    probe: false
`

t.setTimeout(240_000)

testWith(
  ['curl'],
  'synthetic firmware reaches no network that real phones may be on, except in a rehearsal',
  async (t) => {
    const lab = Lab.open(t, '10.20.0.2/24')
    const apiPort = 8067
    const options = { apiPort, prefix: lab.besideServer, rehearsal: false }
    const appliance = await anAppliance(t, yamlFor(apiPort), options)
    const inLab = (...args: string[]) => lab.run(lab.server, ...(args as [string]))
    const command = (...args: string[]) => inLab(process.execPath, MAIN, ...args)

    const zip = join(appliance.dir, 'made.zip')
    writeFileSync(zip, await aFirmwareZip(TO))
    t.match(await command('firmware', 'add', zip), { code: 0, output: /added, .*synthetic/ })
    t.match((await command('firmware', 'list')).output, /P0S3-8-12-00 .* synthetic/)
    t.match(await command('phones', 'add', MAC, '--model', '7960', '--network', 'bench'), {
      code: 0,
    })
    const convert = ['convert', MAC, '--from', FROM, '--to', TO]
    const refused = await command(...convert)
    t.equal(refused.code, 1)
    t.match(refused.output, /P0S3-8-12-00 is synthetic.*network bench.*--rehearsal/s)

    // The same octets by another way: a shared file, under its own name and under another.
    const image = join(appliance.dir, 'image')
    writeFileSync(image, makeFirmwareSet(TO).get(IMAGE) ?? '')
    const client = lab.plugIn('02:00:00:00:00:99')
    lab.setAddress(client, '10.20.0.60/24')
    const fetch = (name: string) =>
      lab.run(client, 'curl', '-sS', '-m', '5', '-o', '/dev/null', `tftp://10.20.0.2/${name}`)
    for (const name of [IMAGE, 'ring.raw']) {
      const url = `http://127.0.0.1:${apiPort}/v1/files/${name}`
      await inLab('curl', '-sS', '-T', image, '-H', 'content-type: application/octet-stream', url)
      t.not((await fetch(name)).code, 0, `${name} is not found`)
    }
    t.match(appliance.output, 'firmware.synthetic.refused')

    await appliance.stop()
    const rehearsal = await anAppliance(t, appliance.yaml.replaceAll('{dir}', appliance.dir), {
      apiPort,
      prefix: lab.besideServer,
      rehearsal: true,
    })
    t.match(rehearsal.output, 'appliance.rehearsal', 'and says so')
    for (const name of [IMAGE, 'ring.raw']) t.equal((await fetch(name)).code, 0, name)
    t.equal((await command(...convert)).code, 0)
  },
)

t.test('the demonstration leaves the data of a bench in the same place alone', async (t) => {
  const dir = t.testdir({ data: { 'switchhook.db': 'not to be touched' } })
  const demo = await run('sh', [
    '-c',
    `cd '${dir}' && exec '${process.execPath}' '${MAIN}' demo --once --speed 20`,
  ])
  t.equal(demo.code, 0, demo.output)
  t.equal(readFileSync(join(dir, 'data/switchhook.db'), 'utf8'), 'not to be touched')
  t.ok(existsSync(join(dir, 'data-demo/switchhook.db')))
})
