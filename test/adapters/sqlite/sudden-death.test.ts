import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openConnection } from '../../../src/adapters/sqlite/open-connection.ts'

const WRITER = fileURLToPath(new URL('../../support/lease-writer.ts', import.meta.url))
const ROUNDS = 2

t.test('kill -9 between commits loses no commit that had resolved', async (t) => {
  const file = join(t.testdir(), 'switchhook.db')
  const acknowledged = new Set<number>()
  for (let round = 1; round <= ROUNDS; round++) {
    const before = acknowledged.size
    for (const address of await runUntilKilled(file, 400 * round)) acknowledged.add(address)
    t.ok(acknowledged.size > before, `round ${round} acknowledged something new`)
    const stored = storedAddresses(file)
    const lost = [...acknowledged].filter((address) => !stored.has(address))
    t.same(lost, [], `of ${acknowledged.size} acknowledged and ${stored.size} stored`)
  }
})

/** As a restart finds them: opening the file recovers what is in the write-ahead log. */
function storedAddresses(file: string): Set<unknown> {
  const connection = openConnection(file, 1000)
  const addresses = connection.prepare('SELECT address FROM leases').pluck().all()
  connection.close()
  return new Set(addresses)
}

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
