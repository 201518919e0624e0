import t from 'tap'
import { type CachedFile, makeCachedFile } from '../../../src/files/file-cache.ts'
import { viewMaterial, withheldFiles } from '../../../src/services/conversions/view-material.ts'
import { anInventory, macOf } from '../../support/an-inventory.ts'

const MAC = macOf('000E84C060A6')
const bytes = (text: string) => new TextEncoder().encode(text)
const textOf = (file: CachedFile | undefined) => file && new TextDecoder().decode(file.bytes)

async function aMaterial(folder: Record<string, string> = {}, sharedTriggers = false) {
  const { inventory, cache } = await anInventory()
  const files = new Map(
    Object.entries(folder).map(([name, text]) => [name, makeCachedFile(bytes(text))]),
  )
  const parts = { inventory, cache, folder: () => files, sharedTriggers }
  return { inventory, parts, material: viewMaterial(parts) }
}

t.test('a shared file is there as soon as it is stored, and gone with its deletion', async (t) => {
  const { inventory, material } = await aMaterial()
  await inventory.putFile('Bell.raw', bytes('ring'), 1)
  t.equal(textOf(material.sharedFiles().find('bell.raw')?.value), 'ring')
  t.same(material.sharedNames(), ['Bell.raw'])
  await inventory.deleteFile('Bell.raw')
  t.equal(material.sharedFiles().find('Bell.raw'), undefined)
})

t.test('a file of the inventory goes before one of the folder, and is named once', async (t) => {
  const { inventory, material } = await aMaterial({ 'bell.raw': 'old', 'logo.bmp': 'logo' })
  t.equal(textOf(material.sharedFiles().find('bell.raw')?.value), 'old')
  await inventory.putFile('bell.raw', bytes('new'), 1)
  t.equal(textOf(material.sharedFiles().find('bell.raw')?.value), 'new')
  t.same([...material.sharedNames()].sort(), ['bell.raw', 'logo.bmp'])
  await inventory.deleteFile('bell.raw')
  t.equal(textOf(material.sharedFiles().find('bell.raw')?.value), 'old')
})

t.test('shared files that could convert a phone are kept back and named', async (t) => {
  const folder = { 'OS79XX.TXT': 'P0S3-8-12-00', 'bell.raw': 'ring' }
  const { material, parts } = await aMaterial(folder)
  t.equal(material.sharedFiles().find('OS79XX.TXT'), undefined)
  t.same(material.sharedNames(), ['bell.raw'])
  t.same(withheldFiles(parts), ['OS79XX.TXT'])
  const { material: allowed } = await aMaterial(folder, true)
  t.equal(textOf(allowed.sharedFiles().find('OS79XX.TXT')?.value), 'P0S3-8-12-00')
})

t.test('the revision rises with all that views share, and not with a phone', async (t) => {
  const { inventory, material } = await aMaterial()
  const risesBy = async (change: Promise<unknown>) => {
    const before = material.revision()
    await change
    return material.revision() - before
  }
  const load = 'P0S3-8-12-00'
  const contents = new Map([['P0S3-8-12-00.sb2', bytes('image')]])
  const firmware = { load, protocol: 'sip', loader: null, addedAtMs: 1, contents } as const
  t.equal(await risesBy(inventory.putProfile({ name: 'p', protocol: 'sip', load })), 1)
  t.equal(await risesBy(inventory.putFirmware(firmware)), 1)
  t.equal(await risesBy(inventory.putFile('bell.raw', bytes('ring'), 1)), 1)
  t.equal(await risesBy(inventory.putPhone({ mac: MAC, profile: 'p' })), 0)
  t.match(material.phone(MAC), { profile: 'p' })
  t.match(material.profile('p'), { load })
  const [file] = material.firmware(load)?.files ?? []
  t.equal(textOf(material.cached(file?.sha256 ?? '')), 'image')
  t.equal(material.cached('none'), undefined)
})

t.test('a shared folder that was read again is served at once', async (t) => {
  const folder = new Map([['bell.raw', makeCachedFile(bytes('old'))]])
  const { inventory, cache } = await anInventory()
  const parts = { inventory, cache, folder: () => folder, sharedTriggers: false }
  const material = viewMaterial(parts)
  const before = material.revision()
  folder.set('bell.raw', makeCachedFile(bytes('new')))
  t.equal(textOf(material.sharedFiles().find('bell.raw')?.value), 'old', 'not before it is told')
  material.folderChanged()
  t.equal(textOf(material.sharedFiles().find('bell.raw')?.value), 'new')
  t.ok(material.revision() > before)
})
