import t from 'tap'
import { atThePhone } from '../../src/conversion/at-the-phone.ts'
import type { Conversion } from '../../src/conversion/conversion.ts'
import { aConversion, aStep } from '../support/conversion-builders.ts'

const diagnosed = (code: string): Conversion =>
  aConversion({
    state: 'stalled',
    steps: [aStep({ stage: 'stalled' })],
    diagnosis: { code, seen: 's', cause: 'c', remedy: 'r', source: 'o' },
  })

t.test('the operator is told what to do at the phone, at the stage where it helps', async (t) => {
  const cases = [
    { why: 'before the first start', now: aConversion(), says: [/Pull the power cord/] },
    {
      why: 'nobody knows what it runs',
      now: aConversion({ from: null }),
      says: [/Pull the power cord/, /Firmware Versions/],
    },
    {
      why: 'a loader will wipe what was typed in',
      now: aConversion({ steps: [aStep({ method: 'ual' })] }),
      says: [/Pull the power cord/, /forgets what was typed in.*Alternate TFTP/],
    },
    { why: 'it fetches', now: aConversion({ steps: [aStep({ stage: 'fetching' })] }), says: [] },
    {
      why: 'it boots into a loader',
      now: aConversion({ steps: [aStep({ stage: 'booting', method: 'ual' })] }),
      says: [/forgets/],
    },
    {
      why: 'it starts again',
      now: aConversion({ steps: [aStep({ stage: 'rebooting' })] }),
      says: [],
    },
    {
      why: 'it writes its flash',
      now: aConversion({ steps: [aStep({ stage: 'flashing' })] }),
      says: [/Leave the phone plugged in/],
    },
    {
      why: 'another TFTP server may be typed in',
      now: diagnosed('dhcp-without-tftp'),
      says: [/\*\*#/, /Alternate TFTP must be No/, /Pull/],
    },
    {
      why: 'it may run another load',
      now: diagnosed('trigger-ignored'),
      says: [/Versions/, /Pull/],
    },
    {
      why: 'no phone of ours',
      now: diagnosed('other-model'),
      says: [/Read the model on the back/],
    },
    {
      why: 'anything else',
      now: diagnosed('no-reboot'),
      says: [/Pull/, /hold # while.* 1 2 3 4 5 6 7 8 9 \* 0 #/, /RS-232/],
    },
    {
      why: 'stalled without a diagnosis',
      now: aConversion({ steps: [aStep({ stage: 'stalled' })] }),
      says: [/Pull/, /hold/, /RS-232/],
    },
    { why: 'it is there', now: aConversion({ state: 'confirmed', step: 1 }), says: [] },
    { why: 'cancelled', now: aConversion({ state: 'cancelled' }), says: [] },
    {
      why: 'a step that is over',
      now: aConversion({ steps: [aStep({ stage: 'confirmed' })] }),
      says: [],
    },
  ]
  for (const { why, now, says } of cases) {
    const said = atThePhone(now)
    t.equal(said.length, says.length, why)
    for (const [index, pattern] of says.entries()) t.match(said[index], pattern, why)
  }
})

t.test('a phone that the appliance restarts is left alone', async (t) => {
  const [said = '', ...rest] = atThePhone(aConversion(), 'auto')
  t.notMatch(said, /Pull/)
  t.same(rest, [])
})
