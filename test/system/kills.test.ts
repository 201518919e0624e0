import { fileURLToPath } from 'node:url'
import t from 'tap'
import { run } from './support/appliance-process.ts'
import { lackingForLab } from './support/lab.ts'

const MAIN = fileURLToPath(new URL('../kills/main.ts', import.meta.url))
const lacking = lackingForLab(['ip'])

t.setTimeout(300_000)

/** The short form of `npm run kills`. */
function kills(...options: readonly string[]) {
  return run(process.execPath, [...process.execArgv, MAIN, '--clients', '60', ...options])
}

if (lacking !== '') {
  console.log(`# left out: kills under load (not here: ${lacking})`)
} else {
  t.test('killed under load again and again, it keeps every lease that it granted', async (t) => {
    const { code, output } = await kills('--kills', '6', '--seed', '1612')
    t.equal(code, 0, output)
    t.match(output, /^kills 6,/m)
    t.match(output, /^ACKs recorded [1-9]\d+/m, 'there was something to lose')
    t.match(output, /^renewals after a kill [1-9]\d+/m, 'and it was asked for')
    t.match(output, /^violations 0$/m)
  })

  t.test('a promise that was not kept would be found', async (t) => {
    const { code, output } = await kills('--kills', '1', '--plant')
    t.equal(code, 1, output)
    t.match(output, /^violation: 10\.30\.2\.2 of \w+:\w+ is on no list$/m)
    // A NAK to who renews past the relay agent is broadcast, and so does not come back to it.
    t.match(output, /^violation: 10\.30\.2\.2 of \w+:\w+: (?:no answer|answered by a NAK)/m)
  })
}
