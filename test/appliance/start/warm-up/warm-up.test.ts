import t from 'tap'
import { warmUp } from '../../../../appliance/start/warm-up/warm-up.ts'
import { aLog } from '../../../support/a-log.ts'
import { aConfiguration, settingsOf } from '../../../support/configuration.ts'

const nowMs = () => Date.now()

t.test('every exchange ends with an ACK, and files arrive', async (t) => {
  const { log, lines } = aLog('debug')
  const outcome = await warmUp({ settings: settingsOf(aConfiguration()), log, nowMs })
  const { exchanges = 0, acknowledged = 0, files = 0 } = outcome ?? {}
  t.ok(exchanges >= 128, `${exchanges} exchanges`)
  t.equal(acknowledged, exchanges)
  t.ok(files >= exchanges, `${files} files: a small one for each exchange, and some large ones`)
  t.match(lines, [{ level: 'debug', event: 'appliance.warmed.up', exchanges }])
})

t.test(
  'phones alone are admitted, or a class has options: the same clients are served',
  async (t) => {
    const { log } = aLog('silent')
    const settings = settingsOf(
      aConfiguration({ admit: 'enrolled', probe: true, rapidCommit: true }),
    )
    const outcome = await warmUp({ settings, log, nowMs })
    t.equal(outcome?.acknowledged, outcome?.exchanges)
  },
)

t.test('without a network nothing runs', async (t) => {
  const { log, lines } = aLog('debug')
  const settings = { ...settingsOf(aConfiguration()), networks: [] }
  t.equal(await warmUp({ settings, log, nowMs }), null)
  t.same(lines, [])
})

t.test('a fault is logged and keeps nothing from starting', async (t) => {
  const { log, lines } = aLog('debug')
  const settings = settingsOf(aConfiguration())
  let asked = 0
  const failsOnce = () => {
    if (asked++ === 0) throw new Error('no clock')
    return Date.now()
  }
  t.equal(await warmUp({ settings, log, nowMs: failsOnce }), null)
  t.match(lines, [{ level: 'warn', event: 'appliance.warm.up.failed' }])
})
