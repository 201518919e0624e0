import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { switchhook } from '../../support/command-line.ts'

t.test(
  'the checklist is Markdown with a source for every step, and the CSV below it',
  async (t) => {
    const { code, stdout, stderr } = await switchhook('cucm', '00:0e:84:c0:60:a6')
    t.equal(code, 0)
    t.equal(stderr, '')
    t.match(
      stdout,
      /^# From SCCP to SIP on Cisco CallManager 5\.x\n\n1\. \[ \] \*\*Begin with one phone/,
    )
    t.equal(
      stdout.match(/^\d+\. \[ \]/gm)?.length,
      stdout.match(/^ {3}Cisco document 5455/gm)?.length,
    )
    t.match(stdout, '\n- [ ] SEP000E84C060A6\n')
    t.match(stdout, '\n```csv\nDevice Name,Description,')
  },
)

t.test('a list and --csv make a file', async (t) => {
  const folder = t.testdir({ list: '000E84C060A6,Desk 12,7960,1201\n' })
  const csv = join(folder, 'phones.csv')
  const { code, stdout } = await switchhook('cucm', '--list', join(folder, 'list'), '--csv', csv)
  t.equal(code, 0)
  t.match(stdout, `\nIn ${csv}.\n`)
  t.match(readFileSync(csv, 'utf8'), /\r\nSEP000E84C060A6,Desk 12,Cisco 7960,SIP,1201\r\n$/)
})

t.test(
  '--api asks an appliance for its phones; a phone that is named twice comes once',
  async (t) => {
    const phones = [
      { mac: '000E84C060A6', model: '7960', label: 'Desk 12', lines: [{ name: '1201' }] },
      { mac: '000E84C060A7', model: null, label: null, lines: [] },
    ]
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(phones))
    })
    t.teardown(() => server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { stdout } = await switchhook('cucm', '000E84C060A7', '--api', url, '--json')
    t.match(JSON.parse(stdout), {
      phones: [
        { mac: '000E84C060A7', model: null, description: null, directoryNumber: null },
        { mac: '000E84C060A6', model: '7960', description: 'Desk 12', directoryNumber: '1201' },
      ],
      csv: /SEP000E84C060A6,Desk 12,Cisco 7960,SIP,1201/,
    })
  },
)

t.test('what cannot be done is said, with an exit code of its own', async (t) => {
  const cases = [
    { args: [], code: 64, said: 'name the phones' },
    { args: ['nobody', '12'], code: 64, said: 'argument 1: "nobody" is no MAC address' },
    { args: ['--list', '/nowhere/list'], code: 66, said: 'no such file' },
    { args: ['000E84C060A6', '--csv', '/nowhere/csv'], code: 66, said: 'no such file' },
    { args: ['--api', 'http://127.0.0.1:1'], code: 69, said: 'does not answer' },
  ]
  for (const { args, code, said } of cases) {
    const ended = await switchhook('cucm', ...args)
    t.equal(ended.code, code, said)
    t.equal(ended.stdout, '', said)
    t.ok(ended.stderr.includes(said), ended.stderr)
  }
})
