import t from 'tap'
import { RegistrationTable } from '../../../src/call-control/registration-table.ts'
import type { ClientIdentity } from '../../../src/clients/client-identities.ts'
import type { Conversion } from '../../../src/conversion/conversion.ts'
import { phoneCallers } from '../../../src/services/registrations/phone-callers.ts'
import { anApplianceInside, NOW_MS, PHONE_ADDRESS } from '../../support/an-appliance-inside.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { MAC } from '../../support/conversion-builders.ts'

type Options = {
  callControl?: boolean
  conversion?: Partial<Conversion>
  identity?: ClientIdentity
}

async function callers(options: Options = {}) {
  const { lookup, inventory } = await anApplianceInside()
  // It asks for a file of its own first, as phones do.
  lookup.identify(PHONE_ADDRESS, { kind: 'named', mac: MAC, isPhoneForm: true }, NOW_MS)
  const table = new RegistrationTable()
  const { callControl = true, conversion, identity } = options
  return {
    table,
    inventory,
    callers: phoneCallers({
      lookup: identity === undefined ? lookup : { ...lookup, identify: () => identity },
      table,
      engine: { conversion: () => conversion as Conversion | undefined },
      networks: () => [{ name: 'bench', callControl }],
    }),
  }
}

t.test('an enrolled phone at its address is that phone, any other device is unknown', async (t) => {
  const { callers: known } = await callers()
  t.same(known.callerAt(PHONE_ADDRESS, NOW_MS), { kind: 'phone', mac: MAC, sccpLoad: null })
  t.same(known.callerAt(ipOf('10.20.0.99'), NOW_MS), { kind: 'unknown' })
})

t.test('another device is unknown, and one that cannot be told yet is waited for', async (t) => {
  const kinds = [
    { identity: { kind: 'device', mac: MAC }, caller: { kind: 'unknown' } },
    { identity: { kind: 'unknown' }, caller: { kind: 'unknown' } },
    { identity: { kind: 'wait' }, caller: { kind: 'wait' } },
  ] as const
  for (const { identity, caller } of kinds) {
    t.same((await callers({ identity })).callers.callerAt(PHONE_ADDRESS, NOW_MS), caller)
  }
})

t.test('networks without call control, and addresses of no network, are not served', async (t) => {
  t.equal((await callers()).callers.serves(PHONE_ADDRESS), true)
  t.equal((await callers()).callers.serves(ipOf('203.0.113.1')), false)
  t.equal((await callers({ callControl: false })).callers.serves(PHONE_ADDRESS), false)
})

t.test('the load that a phone is to have on SCCP is that of its conversion', async (t) => {
  const cases = [
    { conversion: { state: 'running', to: 'P00308010200' }, load: 'P00308010200' },
    { conversion: { state: 'confirmed', to: 'P00308010200' }, load: 'P00308010200' },
    { conversion: { state: 'running', to: 'P0S3-8-12-00' }, load: null },
    { conversion: { state: 'cancelled', to: 'P00308010200' }, load: null },
    { conversion: { state: 'running', to: 'nonsense' }, load: null },
  ] as const
  for (const { conversion, load } of cases) {
    const caller = (await callers({ conversion })).callers.callerAt(PHONE_ADDRESS, NOW_MS)
    t.match(caller, { sccpLoad: load }, JSON.stringify(conversion))
  }
})

t.test('without a conversion it is the one that the phone said it runs', async (t) => {
  const { table, callers: known } = await callers()
  table.register(
    {
      mac: MAC,
      protocol: 'sccp',
      version: '7.2(2.0)',
      load: 'P00307020200',
      userAgent: null,
      address: PHONE_ADDRESS,
      expiresAtMs: NOW_MS + 90_000,
      lastReset: null,
      lastResetCode: null,
    },
    NOW_MS,
  )
  t.match(known.callerAt(PHONE_ADDRESS, NOW_MS), { sccpLoad: 'P00307020200' })
  const laterMs = NOW_MS + 15 * 60_000
  t.same(known.callerAt(PHONE_ADDRESS, laterMs), { kind: 'unknown' }, 'it has lapsed')
})

t.test('a phone stays who it is while it registers again in time', async (t) => {
  const { table, callers: known, inventory } = await callers()
  const claim = {
    mac: MAC,
    protocol: 'sip',
    version: '7',
    load: null,
    userAgent: 'CSCO/7',
    address: PHONE_ADDRESS,
    expiresAtMs: NOW_MS + 3_600_000,
    lastReset: null,
    lastResetCode: null,
  } as const
  table.register(claim, NOW_MS)
  const laterMs = NOW_MS + 15 * 60_000
  t.match(known.callerAt(PHONE_ADDRESS, laterMs), { kind: 'phone', mac: MAC })
  await inventory.putPhone({ mac: MAC, network: 'bench', address: ipOf('10.20.0.61') })
  t.same(known.callerAt(PHONE_ADDRESS, laterMs), { kind: 'unknown' }, 'it is elsewhere now')
  const device = await callers({ identity: { kind: 'device', mac: MAC } })
  device.table.register(claim, NOW_MS)
  t.same(device.callers.callerAt(PHONE_ADDRESS, laterMs), { kind: 'unknown' }, 'another is there')
})
