import { createHash } from 'node:crypto'
import t from 'tap'
import { FileView } from '../../../src/conversion/file-view.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { fileViewService } from '../../../src/services/api/file-views.ts'
import { viewMaterial } from '../../../src/services/conversions/view-material.ts'
import { anApplianceInside } from '../../support/an-appliance-inside.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { MAC } from '../../support/conversion-builders.ts'

const UNKNOWN_DEVICE = '020000000001' as Mac

async function aService() {
  const { inventory, cache, engine } = await anApplianceInside()
  await inventory.putProfile({ name: 'to-sip', protocol: 'sip', load: 'P0S3-8-12-00' })
  await inventory.patchPhone(MAC, { profile: 'to-sip' })
  const material = viewMaterial({
    inventory,
    cache,
    folder: () => new Map(),
    sharedTriggers: false,
  })
  const asked: Mac[] = []
  const service = fileViewService(new FileView(material, engine), (mac) => {
    asked.push(mac)
    return ipOf('10.20.0.2')
  })
  return { service, asked }
}

t.test('a phone sees its own files, with size and hash of the real bytes', async (t) => {
  const { service, asked } = await aService()
  const own = service.list(MAC)?.find(({ name }) => name === `SIP${MAC}.cnf`)
  const read = service.read(MAC, `sip${MAC.toLowerCase()}.CNF`)
  t.match(own, { origin: 'generated' })
  t.same(read?.file, own, 'by a name in another case')
  t.equal(own?.bytes, read?.content.length)
  t.equal(
    own?.sha256,
    createHash('sha256')
      .update(read?.content ?? '')
      .digest('hex'),
  )
  t.match(new TextDecoder().decode(read?.content), 'Sesame-1201', 'masked by the API, not here')
  t.same(new Set(asked), new Set([MAC]))
})

t.test(
  'a name that the phone does not have is undefined, and so is every file of an unknown device',
  async (t) => {
    const { service } = await aService()
    t.equal(service.read(MAC, 'nothing.bin'), undefined)
    t.equal(service.read(MAC, '../secret'), undefined)
    t.equal(service.list(UNKNOWN_DEVICE), undefined)
    t.equal(service.read(UNKNOWN_DEVICE, `SIP${MAC}.cnf`), undefined)
  },
)
