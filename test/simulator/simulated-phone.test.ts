import t from 'tap'
import type { Mac } from '../../src/net/mac.ts'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import { SimulatedPhone, type SimulatedPhoneConfig } from '../../src/simulator/simulated-phone.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { type ScriptedAnswer, ScriptedBench } from '../support/scripted-bench.ts'

const mac = '000E84C060A6' as Mac
const sip812 = makeFirmwareSet('P0S3-8-12-00')
const sip63 = makeFirmwareSet('P0S3-06-3-00')

const aPhone = (load: string, config: Partial<SimulatedPhoneConfig> = {}) =>
  new SimulatedPhone({ mac, model: '7960', flash: flashRunning(load), ...config }, 1)

/** A TFTP root: names to contents. */
const serving = (...tables: ReadonlyMap<string, Uint8Array | string>[]) => {
  return {
    answer: (name: string): ScriptedAnswer => {
      for (const table of tables) {
        const content = table.get(name)
        if (content !== undefined) return content
      }
      return 'absent'
    },
  }
}

t.test('SCCP 5.x goes to SIP 6.3 by OS79XX.TXT', async (_t) => {
  const phone = aPhone('P00305000200')
  const files = new Map([
    ['OS79XX.TXT', 'P0S3-06-3-00\n'],
    ['SIPDefault.cnf', 'image_version: P0S3-06-3-00\n'],
    [`SIP${mac}.cnf`, 'line1_name: 1201\n'],
  ])
  const bench = new ScriptedBench(phone, serving(files, sip63))
  bench.boot()
  console.error(bench.requests, bench.nowMs, bench.events.length, phone.flash)
})
t.test('SCCP 8.x goes to SIP 8.12 by the universal loader', async (_t) => {
  const phone = aPhone('P00308000500')
  const files = new Map([
    [
      `SEP${mac}.cnf.xml`,
      '<device><loadInformation model="IP Phone 7960">P0S3-8-12-00</loadInformation></device>',
    ],
    ['SIPDefault.cnf', 'image_version: P0S3-8-12-00\n'],
    [`SIP${mac}.cnf`, 'line1_name: 1201\n'],
  ])
  const bench = new ScriptedBench(phone, serving(files, sip812))
  bench.boot()
  console.error(bench.requests, bench.nowMs, bench.events.length, phone.flash)
})
