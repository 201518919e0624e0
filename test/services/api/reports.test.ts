import t from 'tap'
import { rolloutOf } from '../../../src/conversion/rollout.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { reportService } from '../../../src/services/api/reports.ts'
import { aRolloutRequest, MAC } from '../../support/conversion-builders.ts'
import { MemoryEvents } from '../../support/memory-services.ts'

const OTHER = '0000000000FF' as Mac

t.test('a serial number is found behind thousands of others', async (t) => {
  const events = new MemoryEvents(10_000)
  const tell = (mac: Mac | null, serial: string) =>
    events.add({ event: 'phone.serial.seen', mac, fields: { serial } })
  tell(MAC, 'FCH0')
  tell(MAC, 'FCH1')
  for (let nth = 0; nth < 4_500; nth++) tell(OTHER, `INM${nth}`)
  tell(null, 'none')
  const rollout = rolloutOf('one', aRolloutRequest(), 1_000, () => false)
  const reports = reportService({
    inventory: { phone: () => undefined, firmware: () => undefined },
    conversion: () => undefined,
    rollouts: () => [rollout],
    seen: { get: () => undefined, list: () => [] } as never,
    events,
    version: () => '1.2.3',
    nowMs: () => 5,
  })
  t.match(await reports.rollout('one'), { phones: [{ mac: MAC, serial: 'FCH1' }] })
  t.equal(await reports.rollout('two'), undefined)
})
