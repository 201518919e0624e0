import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'

const ADD = ['profiles', 'add', 'to-sip', '--protocol', 'sip', '--load', 'P0S3-8-12-00']

t.test('a profile is created, listed, shown and deleted', async (t) => {
  const { run, services } = await aListeningApi(t)
  const added = await run(...ADD, '--set', 'proxy1_address=10.20.0.9', '--set', 'phone_label=a=b')
  t.equal(added.stdout, 'to-sip created\n', added.stderr)
  t.match(services.inventory.profile('to-sip'), {
    protocol: 'sip',
    load: 'P0S3-8-12-00',
    sip: { proxy1_address: '10.20.0.9', phone_label: 'a=b' },
  })
  t.match((await run('profiles', 'list')).stdout, /\nto-sip {3}sip {7}P0S3-8-12-00 {2}2 {11}-\n/)
  t.match(JSON.parse((await run('profiles', 'list', '--json')).stdout), [{ name: 'to-sip' }])
  t.match(JSON.parse((await run('profiles', 'show', 'to-sip')).stdout), { load: 'P0S3-8-12-00' })
  t.equal((await run('profiles', 'remove', 'to-sip')).stdout, 'to-sip removed\n')
  t.equal((await run('profiles', 'show', 'to-sip')).code, 1)
  t.equal((await run('profiles', 'remove', 'to-sip')).code, 1)
})

t.test('a profile that is there is not created again', async (t) => {
  const { run, services } = await aListeningApi(t)
  await run(...ADD)
  const again = await run(
    'profiles',
    'add',
    'to-sip',
    '--protocol',
    'sip',
    '--load',
    'P0S3-07-4-00',
  )
  t.equal(again.code, 1)
  t.match(again.stderr, '"profiles set" changes it')
  t.equal(services.inventory.profile('to-sip')?.load, 'P0S3-8-12-00')
})

t.test('set changes what is given; the rest and stored secrets stay', async (t) => {
  const { run, services } = await aListeningApi(t)
  const secret = ['--set', 'phone_password=hush-hush']
  await run(...ADD, '--set', 'proxy1_address=10.20.0.9', '--set', 'phone_label=x', ...secret)
  const changed = await run(
    'profiles',
    'set',
    'to-sip',
    '--load',
    'P0S3-07-4-00',
    '--set',
    'phone_label=-',
  )
  t.equal(changed.stdout, 'to-sip changed\n', changed.stderr)
  t.same(services.inventory.profile('to-sip')?.sip, {
    proxy1_address: '10.20.0.9',
    phone_password: 'hush-hush',
  })
  t.equal(services.inventory.profile('to-sip')?.load, 'P0S3-07-4-00')
  await run('profiles', 'set', 'to-sip', '--set', 'phone_password=other')
  t.match(services.inventory.profile('to-sip')?.sip, { phone_password: 'other' })
  await run('profiles', 'set', 'to-sip', '--set', 'phone_password=-')
  t.same(services.inventory.profile('to-sip')?.sip, { proxy1_address: '10.20.0.9' })
  t.equal((await run('profiles', 'set', 'none', '--load', 'P0S3-07-4-00')).code, 1)
})

t.test('an SCCP profile names call managers in their order', async (t) => {
  const { run, services } = await aListeningApi(t)
  const managers = ['--call-manager', '10.20.0.8', '--call-manager', '10.20.0.9']
  const args = ['--protocol', 'sccp', '--load', 'P00308000500', ...managers]
  const added = await run('profiles', 'add', 'to-sccp', ...args)
  t.equal(added.code, 0, added.stderr)
  t.same(services.inventory.profile('to-sccp')?.sccp.callManagers, ['10.20.0.8', '10.20.0.9'])
  t.match((await run('profiles', 'list')).stdout, '10.20.0.8 10.20.0.9')
})

t.test('a profile comes from a file, and what is wrong with it is said', async (t) => {
  const { run, services } = await aListeningApi(t)
  const file = join(t.testdir(), 'profile.json')
  writeFileSync(file, '{"protocol":"sip","load":"P0S3-8-12-00","sip":{"phone_label":"x"}}')
  t.equal((await run('profiles', 'add', 'to-sip', '--file', file)).code, 0)
  t.match(services.inventory.profile('to-sip')?.sip, { phone_label: 'x' })
  writeFileSync(file, '["no object"]')
  const wrong = await run('profiles', 'set', 'to-sip', '--file', file)
  t.equal(wrong.code, 64)
  t.match(wrong.stderr, 'wanted an object')
  t.equal((await run('profiles', 'set', 'to-sip', '--file', `${file}.none`)).code, 64)
  t.equal((await run('profiles', 'set', 'to-sip', '--set', 'no-value')).code, 64)
  const refused = await run('profiles', 'set', 'to-sip', '--load', 'P00308000500')
  t.equal(refused.code, 1)
  t.match(refused.stderr, '/load')
})
