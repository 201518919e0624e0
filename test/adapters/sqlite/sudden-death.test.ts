import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { SqliteLeaseStore } from '../../../src/adapters/sqlite/lease-store.ts'

const WRITER = fileURLToPath(new URL('../../support/lease-writer.ts', import.meta.url))
const ROUNDS = 2

t.test('kill -9 between commits loses no commit that had resolved', async (t) => {
  const file = join(t.testdir(), 'switchhook.db')
  const acknowledged = new Set<number>()
  for (let round = 1; round <= ROUNDS; round++) {
    const before = acknowledged.size
    for (const address of await runUntilKilled(file, 400 * round)) acknowledged.add(address)
    t.ok(acknowledged.size > before, `round ${round} acknowledged something new`)
    const database = await Database.open(file)
    const { bindings, faults } = await new SqliteLeaseStore(database).load()
    await database.close()
    const stored = new Set<number>(bindings.map(({ address }) => address))
    const lost = [...acknowledged].filter((address) => !stored.has(address))
    t.same(lost, [], `of ${acknowledged.size} acknowledged and ${stored.size} stored`)
    t.same(faults, [])
  }
})

/** Starts the writer, kills it after some acknowledgements, gives all that it printed. */
async function runUntilKilled(file: string, killAfter: number): Promise<number[]> {
  const child = spawn(process.execPath, [...process.execArgv, WRITER, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('latin1')
  child.stdout.on('data', (text: string) => {
    printed += text
    // Nine digits and a line end each.
    if (printed.length > killAfter * 10) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const whole = printed.slice(0, printed.lastIndexOf('\n') + 1)
  return whole.split('\n').filter(Boolean).map(Number)
}
