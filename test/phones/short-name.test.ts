import t from 'tap'
import { type FirmwareName, parseFirmwareName } from '../../src/phones/firmware-name.ts'
import { shortNameOf } from '../../src/phones/short-name.ts'

function nameOf(text: string): FirmwareName {
  const parsed = parseFirmwareName(text)
  if (parsed.kind === 'bad') throw new Error(`${text} ${parsed.fault}`)
  return parsed.name
}

t.test('document 5455: an SCCP load has a name of 8.3 for SIP 2.1 and earlier', async (t) => {
  const cases = [
    { load: 'P00303030300', short: 'P0030303' },
    { load: 'P00303010102', short: 'P0030301' },
    { load: 'P003AL02', short: null },
    { load: 'P00305000300', short: null },
    { load: 'P0S3-04-4-00', short: null },
  ]
  for (const { load, short } of cases) t.equal(shortNameOf(nameOf(load)), short, load)
})
