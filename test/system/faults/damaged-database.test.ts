import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { switchhook } from '../support/appliance-process.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'

t.setTimeout(300_000)

/** `sysexits.h`: something that is needed is not there. */
const UNAVAILABLE = 69

/** Where a disk may have gone wrong: what SQLite looks at first, and what it reads last. */
const DAMAGES = [
  { what: 'at its beginning', at: 0, octets: 100 },
  { what: 'in its tables', at: 4096, octets: 8192 },
]

for (const { what, at, octets } of DAMAGES) {
  t.test(
    `a database that is damaged ${what}: nothing is overwritten, a backup helps`,
    async (t) => {
      const { appliance, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
      const clients = await LoopbackClients.behindRelay(t, dhcpPort)
      t.equal(await clients.lease('02000000aa01'), '127.84.0.50')
      const data = join(appliance.dir, 'data')
      const backup = join(appliance.dir, 'backup.db')
      const { code: backedUp, output } = await switchhook('backup', backup, '--data-dir', data)
      t.equal(backedUp, 0, output)
      await appliance.stop()
      const file = join(data, 'switchhook.db')
      damage(file, at, octets)
      const before = readFileSync(file)

      const started = await appliance.startInVain()
      t.equal(started.code, UNAVAILABLE, started.output)
      t.match(started.output, file, 'the file is named')
      t.match(started.output, /damaged; nothing was written to it/)
      t.match(started.output, 'switchhook restore BACKUP --data-dir FOLDER')
      t.ok(readFileSync(file).equals(before), 'and nothing was')

      renameSync(data, `${data}.damaged`)
      const restored = await switchhook('restore', backup, '--data-dir', data)
      t.equal(restored.code, 0, restored.output)
      await appliance.start()
      t.match(await appliance.api.get('/v1/leases'), [{ address: '127.84.0.50', state: 'bound' }])
    },
  )
}

/** Writes nonsense over a part of a file. */
function damage(file: string, at: number, octets: number): void {
  t.notOk(existsSync(`${file}-wal`), 'a stop has left all of it in the file')
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, new Uint8Array(octets).fill(0xa5), 0, octets, at)
  closeSync(descriptor)
}
