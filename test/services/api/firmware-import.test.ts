import t from 'tap'
import { readZip } from '../../../src/adapters/zip/read-zip.ts'
import { firmwareImportService } from '../../../src/services/api/firmware-import.ts'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'
import { aZip, patched } from '../../support/a-zip.ts'
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
  const outcome = await firmwareImportService(inventory, readZip, () => 7).importArchive(
    await anArchive(),
  )
  t.match(outcome, { kind: 'created' })
  t.match(inventory.firmware(LOAD), { load: LOAD, protocol: 'sip', addedAtMs: 7 })
})

t.test('one fault anywhere in an archive, and nothing of it is kept', async (t) => {
  const { inventory } = await anInventory()
  const firmwareImport = firmwareImportService(inventory, readZip, () => 7)
  const archive = await anArchive()
  const cases = [
    { why: 'incomplete', archive: await anArchive(`${LOAD}.sb2`), fault: /missing/ },
    { why: 'no archive', archive: Buffer.from('no zip'), fault: /not a valid ZIP file$/ },
    { why: 'truncated', archive: archive.subarray(0, -40), fault: /its end is missing/ },
    {
      why: 'one name of many leads elsewhere',
      archive: patched(archive, `${LOAD}.loads`, `../3-8-12-00.loads`, 2),
      fault: /leaves its folder/,
    },
    {
      why: 'one file of many is of another load',
      archive: patched(archive, `${LOAD}.sb2`, 'P0S3-9-12-00.sb2', 2),
      fault: /belongs to another load/,
    },
  ]
  for (const { why, archive, fault } of cases) {
    t.match(
      await firmwareImport.importArchive(archive),
      { kind: 'refused', problems: [{ fault }] },
      why,
    )
  }
  t.same(inventory.firmwareLoads(), [])
})

t.test('what must not be stored is asked for', async (t) => {
  const { inventory } = await anInventory()
  const firmwareImport = firmwareImportService(
    inventory,
    readZip,
    () => 7,
    (load) => `not ${load}`,
  )
  t.match(await firmwareImport.importArchive(await anArchive()), {
    kind: 'refused',
    problems: [{ file: LOAD, fault: `not ${LOAD}` }],
  })
  t.equal(inventory.firmware(LOAD), undefined)
})
