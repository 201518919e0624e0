// For node --import: ends threads of the process that a file names, one name a line. Threads are
// caught as they are made, so that the product needs no way to be told.
import { readFileSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'

const file = process.env.SWITCHHOOK_TEST_END_THREADS
const made = []
threads.Worker = class extends threads.Worker {
  constructor(url, options) {
    super(url, options)
    made.push({ name: options?.name ?? '', worker: this })
  }
}
syncBuiltinESMExports()
if (threads.isMainThread) setInterval(endNamed, 50).unref()

function endNamed() {
  let names
  try {
    names = readFileSync(file, 'utf8').split('\n')
  } catch {
    return
  }
  rmSync(file)
  for (const { name, worker } of made) if (names.includes(name)) void worker.terminate()
}
