import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lookAtSharedFolder } from '../../../appliance/start/shared-folder.ts'
import { sharedMaterial } from '../../../appliance/start/shared-material.ts'
import { aLog } from '../../support/a-log.ts'
import { anInventory } from '../../support/an-inventory.ts'
import { aConfiguration, settingsOf } from '../../support/configuration.ts'

const settingsWith = (tftp: object) => settingsOf(aConfiguration({}, { tftp }))

t.test('a stray entry is a warning at the start; what is good is served', async (t) => {
  const sharedDir = t.testdir({ 'bell.raw': 'ring', 'a:b': 'x', 'OS79XX.TXT': 'P0S3' })
  writeFileSync(join(sharedDir, 'big.iso'), new Uint8Array(2048))
  const { inventory, cache } = await anInventory()
  const { log, lines } = aLog()
  const settings = settingsWith({ sharedDir, maxSharedFile: '1KiB' })
  const { material } = await sharedMaterial(settings, log, { inventory, cache })
  t.same(material.sharedNames(), ['bell.raw'])
  t.match(lines, [
    { event: 'settings.warning', path: 'tftp.sharedDir', message: /^"a:b" is left out: it has a/ },
    {
      event: 'settings.warning',
      message: /^"big\.iso" is left out: it holds 2048 bytes; the limit for one file is 1024/,
    },
    { event: 'files.withheld', files: ['OS79XX.TXT'] },
  ])
})

t.test('read again, it serves what is there then, and lets go of what is not', async (t) => {
  const sharedDir = t.testdir({ 'bell.raw': 'ring' })
  const { inventory, cache } = await anInventory()
  const { log } = aLog()
  const settings = settingsWith({ sharedDir })
  const { material, readAgain } = await sharedMaterial(settings, log, { inventory, cache })
  const revision = material.revision()
  rmSync(join(sharedDir, 'bell.raw'))
  writeFileSync(join(sharedDir, 'logo.bmp'), 'picture')
  mkdirSync(join(sharedDir, 'empty'))
  t.same(await readAgain(), [])
  t.same(material.sharedNames(), ['logo.bmp'])
  t.not(material.revision(), revision, 'phones see other files')
  t.equal(cache.heldBytes, 'picture'.length)

  rmSync(sharedDir, { recursive: true })
  t.match(await readAgain(), [
    { path: 'tftp.sharedDir', message: /cannot be read: no such .* stay in service$/ },
  ])
  t.same(material.sharedNames(), ['logo.bmp'])
})

t.test('a folder that cannot be read is named with its key', async (t) => {
  const { inventory, cache } = await anInventory()
  const { log } = aLog()
  const settings = settingsWith({ sharedDir: join(t.testdir(), 'none') })
  await t.rejects(sharedMaterial(settings, log, { inventory, cache }), {
    message: /^tftp\.sharedDir: .*none cannot be read: no such file or folder$/,
  })
})

t.test('warnings are bounded, whatever lies about', async (t) => {
  const names = Array.from({ length: 100 }, (_, index) => [`${index}:x`, 'x'])
  const { tftp } = settingsWith({ sharedDir: t.testdir(Object.fromEntries(names)) })
  const warnings = await lookAtSharedFolder(tftp)
  t.equal(warnings.length, 21)
  t.match(warnings.at(-1), { message: 'and 80 more are left out' })
  t.same(await lookAtSharedFolder(settingsWith({}).tftp), [], 'no folder, no warning')
})
