import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EVENTS, type EventName } from '../../src/services/events/event-catalogue.ts'
import { eventsDocument } from '../support/events-document.ts'
import { ROOT, sourceFiles } from '../support/source-files.ts'

/** Who emits events of the appliance; simulated phones and other servers have events of their own. */
const EMITTERS =
  /^(?:appliance\/(?!simulation|commands\/(?!serve))|src\/(?:services|ownership|dhcp|tftp|conversion(?!\/observation)|call-control|adapters|clients)\/)/
const NAME = '[a-z]+(?:-[a-z]+)*(?:\\.[a-z]+(?:-[a-z]+)*)+'

const emitters = ['src', 'appliance'].flatMap(sourceFiles).filter(({ path }) => EMITTERS.test(path))

t.test('every event that the appliance can emit is in the table of events', async (t) => {
  const named = emitters.flatMap(({ path, text }) =>
    [...text.matchAll(RegExp(`\\bevent:\\s*((?:\\|?\\s*'${NAME}'\\s*)+)`, 'g'))].flatMap(
      ([, names = '']) =>
        [...names.matchAll(/'([^']+)'/g)].map(([, name = '']) => ({ path, name })),
    ),
  )
  t.ok(named.length > 80)
  t.same(
    named.filter(({ name }) => !Object.hasOwn(EVENTS, name)),
    [],
    'add a row to src/services/events/event-catalogue.ts',
  )
})

t.test('no event is in the table that nothing emits', async (t) => {
  const all = emitters
    .filter(({ path }) => !path.endsWith('event-catalogue.ts'))
    .map(({ text }) => text)
    .join('\n')
  t.same(
    Object.keys(EVENTS).filter((name) => !all.includes(`'${name}'`)),
    [],
  )
})

t.test('an event that names its level in the code is logged at that of the table', async (t) => {
  const LINE = RegExp(
    `(?:log\\.(debug|info|warn|error|fatal)\\(|lines\\.write\\(request, '(\\w+)', )\\{\\s*event: '(${NAME})'`,
    'g',
  )
  const logged = emitters.flatMap(({ text }) =>
    [...text.matchAll(LINE)].map(([, first, second, name = '']) => ({
      name,
      level: first ?? second,
    })),
  )
  t.ok(logged.length > 30)
  t.same(
    logged.filter(({ name, level }) => EVENTS[name as EventName]?.level !== level),
    [],
  )
})

t.test('docs/events.md is what the table says', async (t) => {
  const file = join(ROOT, 'docs/events.md')
  if (process.env['SWITCHHOOK_WRITE'] === '1') writeFileSync(file, eventsDocument())
  t.equal(readFileSync(file, 'utf8'), eventsDocument())
})
