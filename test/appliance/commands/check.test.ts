import { join } from 'node:path'
import t from 'tap'
import { switchhook } from '../../support/command-line.ts'

const GOOD = `
networks:
  - { name: bench, interface: eth0, address: 10.20.0.2, subnet: 10.20.0.0/24 }
  - { name: lab, relayed: true, address: 10.30.0.2, subnet: 10.30.0.0/24, router: [10.9.9.9] }
`

const FIVE_FAULTS = `
zap: 1
tftp: { port: 99999 }
networks:
  - name: bench
    interface: eth0
    address: 10.20.0
    subnet: 10.20.0.0/24
    leaseTime: 5 parsecs
    admit: everybody
`

t.test('a good file is good, with its warnings, and ends with 0', async (t) => {
  const file = join(t.testdir({ 'good.yaml': GOOD }), 'good.yaml')
  for (const args of [[file], ['--config', file]]) {
    const { code, stdout, stderr } = await switchhook('check', ...args)
    t.equal(code, 0)
    t.equal(stdout, `${file} is good: networks bench, lab\n`)
    t.match(stderr, /^warning: networks\[1\]\.router\[0\]: .+\n$/)
  }
})

t.test('five different faults are all listed with their places, and end with 78', async (t) => {
  const file = join(t.testdir({ 'bad.yaml': FIVE_FAULTS }), 'bad.yaml')
  const { code, stdout, stderr } = await switchhook('check', file)
  t.equal(code, 78)
  t.equal(stdout, '')
  t.match(stderr, `${file}: 5 problems\n`)
  for (const place of [
    'zap',
    'tftp.port',
    'networks[0].address',
    'networks[0].leaseTime',
    'networks[0].admit',
  ]) {
    t.ok(stderr.includes(`\n  ${place}: `), place)
  }
})

t.test('a file that is not there ends with 78, none named with 64', async (t) => {
  const missing = await switchhook('check', join(t.testdir({}), 'none.yaml'))
  t.equal(missing.code, 78)
  t.match(missing.stderr, 'there is no such file')
  const unnamed = await switchhook('check')
  t.equal(unnamed.code, 64)
  t.match(unnamed.stderr, 'name a configuration file')
})
