import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeFirmwareSet, shippedOs79xx } from '../../../src/simulator/synthetic-firmware.ts'
import { switchhook } from '../../support/command-line.ts'

const LOAD = 'P0S3-8-12-00'

/** What unzipping an archive into an empty folder leaves. */
function anUnpackedArchive(t: Test): string {
  const folder = t.testdir({})
  for (const [name, bytes] of makeFirmwareSet(LOAD)) writeFileSync(join(folder, name), bytes)
  writeFileSync(join(folder, 'OS79XX.TXT'), shippedOs79xx(LOAD))
  return folder
}

t.test('an archive as it is shipped fails nowhere, and says what to know', async (t) => {
  const { code, stdout, stderr } = await switchhook('lint', anUnpackedArchive(t))
  t.equal(code, 0)
  t.equal(stderr, '')
  t.match(stdout, /^warns {2}OS79XX\.TXT, byte 12: has a blank after the name\n {7}Phone: {2}/m)
  t.match(stdout, /: 5 files checked: 0 will fail, 2 may fail, 2 notes\./)
})

t.test(
  'something that will fail ends with 1, each finding with place, remedy and source',
  async (t) => {
    const folder = t.testdir({ 'OS79XX.TXT': 'POS30203\n', 'SIPDefault.cnf': 'a\n' })
    const { code, stdout } = await switchhook('lint', folder)
    t.equal(code, 1)
    t.match(
      stdout,
      /^fails {2}OS79XX\.TXT, byte 1: "POS30203" has the letter O for the digit zero$/m,
    )
    t.match(stdout, /^fails {2}SIPDefault\.cnf, line 1: /m)
    t.match(
      stdout,
      /^ {7}Remedy: Write P0S30203 and one line end\.\n {7}Source: Cisco document 5455/m,
    )
  },
)

t.test('--json is the same as data', async (t) => {
  const folder = t.testdir({ 'OS79XX.TXT': 'POS30203\n' })
  const { code, stdout } = await switchhook('lint', '--json', folder)
  t.equal(code, 1)
  t.match(JSON.parse(stdout), {
    folder,
    files: 1,
    fails: 1,
    warns: 0,
    findings: [
      {
        severity: 'fails',
        rule: 'os79xx-letter-o',
        file: 'OS79XX.TXT',
        line: null,
        offset: 1,
        found: String,
        phone: String,
        remedy: String,
        source: String,
      },
    ],
  })
})

t.test('a clean folder says so', async (t) => {
  const { code, stdout } = await switchhook('lint', t.testdir({ 'readme.txt': 'x' }))
  t.equal(code, 0)
  t.match(
    stdout,
    /: 1 file checked: no known fault found\.\nNo file here names a load .*: no phone changes what it runs\.\n$/,
  )
})

t.test('a name cannot write lines of its own', async (t) => {
  const folder = t.testdir({})
  writeFileSync(join(folder, 'POS3\x1b[2J\nfails.sb2'), '')
  const { stdout } = await switchhook('lint', folder)
  t.notMatch(stdout, '\x1b')
  t.notMatch(stdout, /^fails\.sb2/m)
})

t.test('no folder is 66, no argument is 64', async (t) => {
  const absent = await switchhook('lint', join(t.testdir({}), 'nowhere'))
  t.equal(absent.code, 66)
  t.match(absent.stderr, /^lint: .*nowhere: no such file or folder/)
  t.equal((await switchhook('lint')).code, 64)
})
