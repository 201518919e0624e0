import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { MAIN } from './support/appliance-process.ts'

const FOLDER = dirname(MAIN)

t.test('a start opens some hundred files, and none of typebox, which has 680', async (t) => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.js'))
  t.ok(files.length < 200, `${files.length} files`)
  t.ok(files.includes('database-worker.js'), 'the thread of the database beside the program')
  const importing = files.filter((name) =>
    /^(?:import|export) .*["'](?:typebox|@fastify\/type-provider-typebox)[/"']/m.test(
      readFileSync(join(FOLDER, name), 'utf8'),
    ),
  )
  t.same(importing, [])
})
