import t from 'tap'
import { intakeService } from '../../../appliance/services/intake.ts'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { aZip } from '../../support/a-zip.ts'
import { anInventory } from '../../support/an-inventory.ts'

const LOAD = 'P0S3-8-12-00'

const anArchive = (without = '') =>
  aZip(
    [...makeFirmwareSet(LOAD)]
      .filter(([name]) => name !== without)
      .map(([name, bytes]) => ({ name, content: bytes })),
  )

t.test('an archive becomes firmware of the inventory, with the time', async (t) => {
  const { inventory } = await anInventory()
  const outcome = await intakeService(inventory, () => 7).takeIn(await anArchive())
  t.match(outcome, { kind: 'created' })
  t.match(inventory.firmware(LOAD), { load: LOAD, protocol: 'sip', addedAtMs: 7 })
})

t.test('an incomplete one, and what is no archive, leave nothing', async (t) => {
  const { inventory } = await anInventory()
  const intake = intakeService(inventory, () => 7)
  for (const archive of [await anArchive(`${LOAD}.sb2`), Buffer.from('no zip')]) {
    const outcome = await intake.takeIn(archive)
    t.match(outcome, { kind: 'refused', problems: [{ fault: String }] })
  }
  t.same(inventory.firmwareLoads(), [])
})
