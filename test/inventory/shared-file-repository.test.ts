import t from 'tap'
import { anInventory } from '../support/an-inventory.ts'

const bytes = (...octets: number[]) => Uint8Array.from(octets)

t.test('a file is stored, then seen and announced; its bytes are held', async (t) => {
  const { inventory, cache, store, notices } = await anInventory()
  const outcome = await inventory.putFile('rings/bell.raw', bytes(1, 2), 7)
  const file = inventory.file('rings/bell.raw')
  t.same(outcome, { kind: 'created', value: file })
  t.match(file, { name: 'rings/bell.raw', bytes: 2, addedAtMs: 7 })
  t.same(inventory.content(file?.sha256 ?? '')?.bytes, bytes(1, 2))
  t.equal(cache.heldBytes, 2)
  t.match(store.committed, [{ kind: 'put-file', file: { name: 'rings/bell.raw' } }])
  t.same(notices, [{ kind: 'file-stored', file, before: null }])
  t.same(inventory.files(), [file])
})

t.test('the same bytes again change nothing, others replace them', async (t) => {
  const { inventory, cache } = await anInventory()
  await inventory.putFile('a', bytes(1, 2), 7)
  t.match(await inventory.putFile('a', bytes(1, 2), 8), {
    kind: 'unchanged',
    value: { addedAtMs: 7 },
  })
  t.match(await inventory.putFile('a', bytes(3), 9), { kind: 'replaced', value: { addedAtMs: 9 } })
  t.equal(cache.heldBytes, 1)
})

t.test('a file that is deleted lets go of its bytes', async (t) => {
  const { inventory, cache, notices } = await anInventory()
  t.same(await inventory.deleteFile('a'), { kind: 'not-found' })
  await inventory.putFile('a', bytes(1, 2), 7)
  await inventory.putFile('b', bytes(1, 2), 7)
  t.same(await inventory.deleteFile('a'), { kind: 'deleted' })
  t.equal(cache.heldBytes, 2, 'b has the same')
  await inventory.deleteFile('b')
  t.equal(cache.heldBytes, 0)
  t.match(notices.at(-1), { kind: 'file-deleted', file: { name: 'b' } })
})

t.test('what does not fit is refused and leaves nothing behind', async (t) => {
  const { inventory, cache, store } = await anInventory({}, 100)
  const large = await inventory.putFile('a', new Uint8Array(200), 1)
  t.match(large, { kind: 'refused', problems: [{ path: '', message: /200 bytes does not fit/ }] })
  t.match(await inventory.putFile('../a', bytes(1), 1), {
    kind: 'refused',
    problems: [{ path: '/name' }],
  })
  store.failure = new Error('disk full')
  await t.rejects(inventory.putFile('a', bytes(1), 1), /disk full/)
  t.same(inventory.files(), [])
  t.equal(cache.heldBytes, 0)
})
