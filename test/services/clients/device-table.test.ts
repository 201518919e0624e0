import t from 'tap'
import type { Mac } from '../../../src/net/mac.ts'
import { DeviceTable, FORGOTTEN_AFTER_MS } from '../../../src/services/clients/device-table.ts'

type Entry = { readonly mac: Mac; readonly lastSeenAtMs: number }

const macOf = (index: number) => `02${index.toString(16).toUpperCase().padStart(10, '0')}` as Mac

/** Sees a device as the list does: lists it, or keeps it as it is now. */
function see(table: DeviceTable<Entry>, index: number, lastSeenAtMs: number): boolean {
  const mac = macOf(index)
  if (table.get(mac) !== undefined) table.update({ mac, lastSeenAtMs })
  else if (table.makeRoom(mac, lastSeenAtMs)) table.add({ mac, lastSeenAtMs })
  return table.get(mac) !== undefined
}

t.test('while there is room a device is listed at once, the last seen first', async (t) => {
  const table = new DeviceTable<Entry>(3)
  for (const index of [1, 2, 3]) t.ok(see(table, index, index))
  see(table, 1, 4)
  t.same(
    table.list(4).map(({ mac }) => mac),
    [1, 3, 2].map(macOf),
  )
  t.ok(table.delete(macOf(1)))
  t.ok(table.delete(macOf(2)))
  t.notOk(table.delete(macOf(2)), 'it is gone already')
  t.equal(table.size, 1)
})

t.test('a flood of forged addresses pushes out no device that asked twice', async (t) => {
  const table = new DeviceTable<Entry>(100)
  for (let index = 0; index < 50; index++) {
    see(table, index, 1)
    see(table, index, 2)
  }
  for (let index = 0; index < 300_000; index++) see(table, 0x10_0000 + index * 7_919, 3)
  t.equal(table.size, 100)
  const listed = new Set(table.list(4).map(({ mac }) => mac))
  for (let index = 0; index < 50; index++) t.ok(listed.has(macOf(index)))
})

t.test('a phone that comes after such a flood is listed at its second request', async (t) => {
  const table = new DeviceTable<Entry>(10)
  for (let index = 0; index < 10; index++) see(table, 0x10_0000 + index, 1)
  t.notOk(see(table, 0, 2), 'the table is full, and it may be one of many')
  t.ok(see(table, 0, 3))
  t.equal(table.get(macOf(0x10_0000)), undefined, 'the oldest that asked once is gone')
  t.equal(table.size, 10)
})

t.test('where all have asked twice, hours pass until the last one is displaced', async (t) => {
  const table = new DeviceTable<Entry>(200)
  for (let index = 0; index < 200; index++) {
    see(table, index, index)
    see(table, index, index)
  }
  const flood = (nowMs: number, from: number) => {
    for (let index = from; index < from + 5_000; index++) {
      see(table, index, nowMs)
      see(table, index, nowMs)
      see(table, index, nowMs)
    }
  }
  flood(1_000, 0x10_0000)
  const stay = () => table.list(61_000).filter(({ lastSeenAtMs }) => lastSeenAtMs < 1_000).length
  t.equal(stay(), 100, 'the burst, and the longest silent first')
  t.ok(table.get(macOf(199)))
  flood(61_000, 0x20_0000)
  t.ok(stay() >= 94, 'one in ten seconds')
})

t.test('who was silent for a week is not listed, and loses its place first', async (t) => {
  const table = new DeviceTable<Entry>(3)
  see(table, 1, 0)
  see(table, 2, 0)
  see(table, 2, 0)
  see(table, 3, 100)
  t.same(
    table.list(FORGOTTEN_AFTER_MS).map(({ mac }) => mac),
    [macOf(3)],
  )
  t.ok(see(table, 4, FORGOTTEN_AFTER_MS), 'without asking twice')
  t.ok(see(table, 5, FORGOTTEN_AFTER_MS))
  t.equal(table.size, 3)
  t.equal(table.get(macOf(2)), undefined)
})

t.test('the null address is told from an empty slot', async (t) => {
  const table = new DeviceTable<Entry>(1)
  see(table, 1, 0)
  t.notOk(see(table, 0, 1), 'a first time')
  t.ok(see(table, 0, 2))
})

t.test('a device that asks again at once keeps its place, also when the table changes', (t) => {
  const table = new DeviceTable<Entry>(2)
  const [one, other] = [
    { mac: macOf(1), lastSeenAtMs: 0 },
    { mac: macOf(2), lastSeenAtMs: 0 },
  ]
  for (const entry of [one, other]) table.add(entry)
  for (const entry of [one, one, other, one]) table.update(entry)
  see(table, 3, 1)
  t.ok(see(table, 3, 2), 'in the place of the other, which was silent for longer')
  t.equal(table.get(other.mac), undefined)
  table.delete(one.mac)
  table.update(one)
  t.equal(table.get(one.mac), one, 'it is listed again after it was removed')
  t.end()
})
