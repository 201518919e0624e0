import { join } from 'node:path'
import t from 'tap'
import { readZip } from '../../../src/adapters/zip/read-zip.ts'
import { importFirmware } from '../../../src/inventory/firmware-import.ts'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { aUalSet } from '../../support/synthetic-image.ts'
import { aFirmwareZip } from '../../system/support/a-firmware-zip.ts'

const LOAD = 'P0S3-8-12-00'

/** An API whose firmware import is the real one. */
async function aFirmwareApi(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  const { inventory, firmwareImport } = api.services
  firmwareImport.importArchive = async (archive) =>
    importFirmware(inventory, await readZip(archive), 1)
  return api
}

t.test('archives and folders are imported, listed and removed', async (t) => {
  const { run, services } = await aFirmwareApi(t)
  const files = Object.fromEntries(
    [...makeFirmwareSet('P0S3-06-3-00')].map(([name, bytes]) => [name, Buffer.from(bytes)]),
  )
  const dir = t.testdir({ 'sip.zip': await aFirmwareZip(LOAD), folder: { inner: files } })
  const added = await run('firmware', 'add', join(dir, 'sip.zip'), join(dir, 'folder'))
  t.equal(added.code, 0, added.stderr)
  t.match(added.stdout, /sip\.zip: P0S3-8-12-00 added, \d files; synthetic/)
  t.match(added.stdout, /folder: P0S3-06-3-00 added, \d files; synthetic/)
  t.match((await run('firmware', 'list')).stdout, /^LOAD .*\nP0S3-06-3-00 +sip +\d.* synthetic *\n/)
  t.equal(JSON.parse((await run('firmware', 'list', '--json')).stdout).length, 2)
  t.equal((await run('firmware', 'remove', LOAD)).code, 0)
  t.same(services.inventory.firmwareLoads(), ['P0S3-06-3-00'])
})

t.test('other files for a load are called replaced, the same ones unchanged', async (t) => {
  const { run } = await aFirmwareApi(t)
  const real = Object.fromEntries(
    [...aUalSet(LOAD, 'P003-8-12-00')].map(([name, bytes]) => [name, Buffer.from(bytes)]),
  )
  const dir = t.testdir({ real, 'made.zip': await aFirmwareZip(LOAD) })
  const add = async (path: string) => (await run('firmware', 'add', join(dir, path))).stdout
  t.match(await add('real'), `${LOAD} added, 4 files\n`)
  t.match(await add('real'), `${LOAD} unchanged; the same files were there already, 4 files\n`)
  t.match(await add('made.zip'), `${LOAD} replaced; its files differ from the earlier ones`)
  t.match(await add('real'), /replaced; .*, 4 files\n$/)
  t.notMatch((await run('firmware', 'list')).stdout, 'synthetic')
})

t.test(
  'a set with a fault is refused by its files, from a folder just as from a ZIP',
  async (t) => {
    const { run, services } = await aFirmwareApi(t)
    const files = Object.fromEntries(
      [...makeFirmwareSet(LOAD)]
        .filter(([name]) => !name.endsWith('.sb2'))
        .map(([name, bytes]) => [name, Buffer.from(bytes)]),
    )
    const dir = t.testdir({
      'bad.zip': await aFirmwareZip(LOAD, [`${LOAD}.sb2`]),
      folder: files,
      out: t.fixture('symlink', '/etc/hostname'),
    })
    for (const path of ['bad.zip', 'folder']) {
      const refused = await run('firmware', 'add', join(dir, path))
      t.equal(refused.code, 1, path)
      t.match(refused.stderr, `\n  ${LOAD}.sb2: `, path)
    }
    const none = await run('firmware', 'add', join(dir, 'none.zip'))
    t.equal(none.code, 66)
    t.match(none.stderr, 'none.zip cannot be read: no such file')
    t.same(services.inventory.firmwareLoads(), [])
  },
)

t.test('a folder that leads out of itself is refused before anything travels', async (t) => {
  const { run } = await aFirmwareApi(t)
  const dir = t.testdir({ folder: { 'P0S3-8-12-00.loads': t.fixture('symlink', '/etc/hostname') } })
  const refused = await run('firmware', 'add', join(dir, 'folder'))
  t.equal(refused.code, 1)
  t.match(refused.stderr, 'P0S3-8-12-00.loads: is a link to a place outside the folder')
})
