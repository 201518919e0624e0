import t from 'tap'
import { LOG_LEVELS } from '../../appliance/log-level.ts'
import { runNode } from '../support/command-line.ts'

const LOG = new URL('../../appliance/log.ts', import.meta.url).href

/** The lines that a log of this level prints, each as a value. */
async function printed(level: string, script: string): Promise<Record<string, unknown>[]> {
  const { stdout, stderr } = await runNode(
    '--input-type=module',
    '--eval',
    `import { openLog } from '${LOG}'\nconst log = openLog('${level}', false)\n${script}`,
  )
  t.equal(stderr, '')
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

t.test('an event is one line with its name, level and time, and no more', async (t) => {
  t.same(LOG_LEVELS, ['debug', 'info', 'warn', 'error', 'silent'])
  const lines = await printed(
    'info',
    `log.debug({ event: 'a' })
     log.info({ event: 'b', n: 1 })
     log.error({ event: 'c', err: new Error('why') })`,
  )
  t.match(lines, [
    { level: 'info', event: 'b', n: 1 },
    { level: 'error', event: 'c', err: { message: 'why' } },
  ])
  t.equal(lines.length, 2)
  t.same(Object.keys(lines[0] ?? {}).sort(), ['event', 'level', 'n', 'time'])
  t.equal(new Date(`${lines[0]?.['time']}`).toISOString(), lines[0]?.['time'])
})

t.test('what could be secret is masked, wherever a caller has put it', async (t) => {
  const lines = await printed(
    'debug',
    `const lines = [{ name: '1201', password: 'Sesame' }]
     log.info({ event: 'a', password: 'Sesame', token: 'Sesame', authorization: 'Sesame' })
     log.info({ event: 'b', line: { name: '1201', password: 'Sesame' }, api: { token: 'Sesame' } })
     log.info({ event: 'c', lines, phone: { lines } })
     log.info({ event: 'e', tokenName: 'ansible' })
     log.info({ event: 'd', req: { headers: { authorization: 'Bearer Sesame' } } })`,
  )
  t.equal(lines.length, 5)
  t.match(lines[3], { tokenName: 'ansible' }, 'a name is no secret')
  t.notMatch(JSON.stringify(lines), 'Sesame')
  t.match(lines[2], { lines: [{ name: '1201', password: '[Redacted]' }] })
})

t.test('a silent log is silent', async (t) => {
  t.same(await printed('silent', "log.fatal({ event: 'x' })"), [])
})
