import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readZip } from '../../../src/adapters/zip/read-zip.ts'
import { importFirmware } from '../../../src/inventory/firmware-import.ts'
import { isSyntheticImage } from '../../../src/simulator/synthetic-mark.ts'
import { anInventory } from '../../support/an-inventory.ts'
import { switchhook } from '../../support/command-line.ts'

t.setTimeout(120_000)

const LOADS = ['P0S3-8-12-00', 'P00308000500', 'P0S30203']

const make = (dir: string, ...loads: readonly string[]) =>
  switchhook('simulate', '--make-firmware', ...loads, '--output', dir)

t.test('archives are written that an appliance imports and knows for synthetic', async (t) => {
  const dir = t.testdir()
  const { code, stdout, stderr } = await make(dir, ...LOADS)
  t.equal(code, 0, stderr)
  t.match(stdout, /synthetic-P0S3-8-12-00\.zip written: synthetic, for simulated phones only/)
  const { inventory } = await anInventory()
  for (const load of LOADS) {
    const named = await readZip(readFileSync(join(dir, `synthetic-${load}.zip`)))
    t.match(await importFirmware(inventory, named, 1), { kind: 'created', value: { load } })
    const files = named.kind === 'ok' ? [...named.files.values()] : []
    t.ok(files.some(isSyntheticImage), load)
  }
})

t.test('a file that is there stays as it is', async (t) => {
  const dir = t.testdir()
  const file = join(dir, 'synthetic-P0S30203.zip')
  writeFileSync(file, 'mine')
  const { code, stderr } = await make(dir, 'P0S30203')
  t.equal(code, 1)
  t.match(stderr, 'is not written: a file with that name exists already')
  t.equal(readFileSync(file, 'utf8'), 'mine')
  t.equal((await make(join(dir, 'nowhere'), 'P0S30203')).code, 1)
})

t.test('what is no load is a fault of the command line', async (t) => {
  const dir = t.testdir()
  for (const load of ['P003-8-12-00', 'latest', '../x']) t.equal((await make(dir, load)).code, 64)
  t.equal((await switchhook('simulate', 'x.yaml', '--make-firmware', 'P0S30203')).code, 64)
})
