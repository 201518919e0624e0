import t from 'tap'
import { type BulkResult, runForAll } from '../../../src/dashboard/data/bulk-run.ts'

t.test('what one phone refuses stops no other, and few are asked at once', async (t) => {
  const macs = Array.from({ length: 10 }, (_, number) => `phone ${number}`)
  let atOnce = 0
  let most = 0
  const results: BulkResult[] = []
  const work = async (mac: string) => {
    atOnce += 1
    most = Math.max(most, atOnce)
    await new Promise((resolve) => setImmediate(resolve))
    atOnce -= 1
    if (mac === 'phone 3') throw new Error('in a transfer')
    return 'done'
  }
  await runForAll(macs, {
    work,
    wordsOf: (error) => (error as Error).message,
    onResult: (result) => results.push(result),
  })
  t.equal(most, 4)
  t.same(results.map(({ mac }) => mac).sort(), macs)
  t.same(
    results.filter(({ ok }) => !ok),
    [{ mac: 'phone 3', ok: false, text: 'in a transfer' }],
  )
})
