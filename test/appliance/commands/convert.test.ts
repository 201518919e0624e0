import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'
import { addFirmware } from '../../support/in-memory/firmware.ts'
import { countFollowers } from '../../support/in-memory/watched.ts'
import { ipv4, mac } from '../../support/values.ts'

const PHONE = mac('000E84C060A6')
const TO = 'P0S3-8-12-00'
const CONVERT = ['convert', PHONE, '--to', TO, '--from', 'P00308000500']

async function aBench(t: Parameters<typeof aListeningApi>[0]) {
  const api = await aListeningApi(t)
  const { inventory, conversions } = api.services
  const address = ipv4('10.20.0.60')
  await inventory.putPhone({ mac: PHONE, address, lines: [{ name: '1201' }] })
  await addFirmware(inventory, TO)
  const followers = countFollowers(conversions)
  /** The command has asked for a change so many times. */
  const isFollowed = async (times: number) => {
    while (followers.ever() < times) await pause(5)
  }
  return { ...api, conversions, isFollowed, phone: api.appliance.phone(PHONE, address) }
}

t.test('a conversion is begun, and cancelled', async (t) => {
  const { run, conversions } = await aBench(t)
  const begun = await run(...CONVERT)
  t.equal(begun.code, 0)
  t.equal(begun.stdout, `${PHONE} to ${TO}: waiting, step 1 of 1; power-cycle the phone\n`)
  t.match(conversions.get(PHONE), { from: 'P00308000500', path: 'cautious', acceptOneWay: false })
  t.match((await run('convert', PHONE)).stdout, 'waiting', 'without --to it shows what there is')
  t.match((await run('convert', PHONE, '--cancel')).stdout, 'cancelled')
  t.equal((await run('convert', '020000000001', '--to', TO)).code, 1, 'not enrolled')
})

t.test('a refused plan is printed with its reason', async (t) => {
  const { run } = await aBench(t)
  const { code, stderr } = await run('convert', PHONE, '--to', TO)
  t.equal(code, 1)
  t.match(stderr, 'depends on the load that the phone runs')
})

t.test('--wait ends with 0 when the phone is confirmed', async (t) => {
  const { run, isFollowed, phone } = await aBench(t)
  const [ended] = await Promise.all([
    run(...CONVERT, '--wait'),
    isFollowed(1)
      .then(() => phone.reads(`${TO}.sb2`, 100))
      .then(() => isFollowed(2))
      .then(() => phone.converts(TO)),
  ])
  t.equal(ended.code, 0, ended.stderr)
  t.match(ended.stdout, /fetching P0S3-8-12-00\.sb2\n/)
  t.match(
    ended.stdout,
    /confirmed: the phone has booted P0S3-8-12-00\. Its application started 53 s .*\n$/,
  )
})

t.test('--wait ends with 1 when it stalls, with the diagnosis and what to do', async (t) => {
  const { run, isFollowed, phone, appliance } = await aBench(t)
  const [ended] = await Promise.all([
    run(...CONVERT, '--wait'),
    isFollowed(1).then(() => {
      phone.starts()
      return appliance.clock.pass(200_000)
    }),
  ])
  t.equal(ended.code, 1)
  t.match(
    ended.stdout,
    /stalled \(went-silent\): The phone asked for its first file, .*power-cycle/,
  )
  const json = await run('convert', PHONE, '--wait', '--json')
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), { state: 'stalled', diagnosis: { code: 'went-silent' } })
})
