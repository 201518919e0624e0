import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { ROOT } from '../support/source-files.ts'
import { run } from './support/appliance-process.ts'
import { lackingForLab } from './support/lab.ts'
import { aLoopbackBench, type LoopbackBench } from './support/loopback-bench.ts'

const [FROM, TO] = ['P00305000300', 'P0S3-06-3-00']
const EXAMPLES = join(ROOT, 'docs/examples')
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name)

/** How a careful project compiles. */
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  module: 'nodenext',
  target: 'es2023',
  types: ['node'],
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
}

t.setTimeout(600_000)

const aBench = (t: Test) => aLoopbackBench(t, { loads: [FROM, TO] })

/** Runs a client with the appliance in its environment while phones boot, until all have ended. */
async function convert(
  bench: LoopbackBench,
  macs: readonly string[],
  command: readonly [string, ...string[]],
) {
  const env = [`SWITCHHOOK_API=${bench.apiUrl}`, 'ANSIBLE_LOCALHOST_WARNING=False']
  let hasEnded = false
  const client = run('env', [...env, ...command], 300_000).finally(() => {
    hasEnded = true
  })
  await Promise.all(
    macs.map(async (mac) => {
      // Whoever ends before it has asked has failed, and its output says why.
      while (!(await isAsked(bench, mac)) && !hasEnded) await pause(100)
      if (hasEnded) return
      await bench.simulate(['--mac', mac, '--load', FROM, '--until', TO, '--timeout', '200'])
    }),
  )
  return client
}

const ENTRY = {
  model: '7960',
  label: 'Desk 12',
  lines: [{ name: '1201', password: 'geheim', displayName: 'Müller' }, { name: '1202' }],
  settings: { phone_label: 'Lab', phone_password: 'cisco' },
}

/** Enrols a phone with all that a careless client takes away; tells what is there of it now. */
async function anEnrolled({ apiUrl }: LoopbackBench, mac: string): Promise<() => Promise<unknown>> {
  const url = `${apiUrl}/v1/phones/${mac}`
  const headers = { 'content-type': 'application/json' }
  await fetch(url, { method: 'PUT', headers, body: JSON.stringify(ENTRY) })
  return async () => {
    // What the phone was seen to run is no part of the entry.
    const { seen: _seen, ...entry } = (await (await fetch(url)).json()) as { seen: unknown }
    return entry
  }
}

async function isAsked({ apiUrl }: LoopbackBench, mac: string): Promise<boolean> {
  return (await fetch(`${apiUrl}/v1/phones/${mac}/conversion`)).ok
}

function leftOut(t: Test, tool: string): boolean {
  const lacking = lackingForLab([tool])
  if (lacking === '') return false
  t.pass('left out')
  t.comment(`left out: the example for ${tool}, for lack of ${lacking}`)
  return true
}

t.test('the curl script of the guide enrols, converts and waits', async (t) => {
  if (leftOut(t, 'curl')) return
  const bench = await aBench(t)
  const mac = '000E84C060A6'
  const seen = await anEnrolled(bench, mac)
  const before = await seen()
  const script = join(EXAMPLES, 'convert.sh')
  const { code, output } = await convert(bench, [mac], [script, mac, '7960', FROM, TO])
  t.equal(code, 0, output)
  t.match(output, '"state":"confirmed"')
  const again = await run('env', [`SWITCHHOOK_API=${bench.apiUrl}`, script, mac, '7960', FROM, TO])
  t.equal(again.code, 0, 'asking again is answered at once')
  t.match(before, { revision: 1, lines: [{ hasPassword: true }, {}] })
  t.same(await seen(), before, 'nothing of an enrolled phone is lost')
  const other = ['env', `SWITCHHOOK_API=${bench.apiUrl}`, script, 'x', '7960', FROM, TO] as const
  t.match(await run(other[0], other.slice(1)), { code: 1, output: /not a MAC address.* 400/ })
  const refused = ['env', `SWITCHHOOK_API=${bench.apiUrl}`, script, mac, '7960', FROM, 'P0S3-99']
  const { code: no, output: why } = await run('env', refused.slice(1))
  t.not(no, 0)
  t.match(why, '"status":4', 'the problem is printed')
})

t.test('the playbook of the guide converts two phones, and again changes nothing', async (t) => {
  if (leftOut(t, 'ansible-playbook')) return
  const bench = await aBench(t)
  const macs = ['000E84C060A6', '000E84C060A7']
  const seen = await anEnrolled(bench, '000E84C060A6')
  const before = await seen()
  const phones = macs.map((mac) => ({ mac, model: '7960', from: FROM }))
  const vars = join(t.testdir({}), 'phones.json')
  writeFileSync(vars, JSON.stringify({ to: TO, phones }))
  const playbook = ['ansible-playbook', join(EXAMPLES, 'playbook.yaml'), '-e', `@${vars}`] as const
  const first = await convert(bench, macs, [...playbook])
  t.equal(first.code, 0, first.output)
  t.match(first.output, /changed=2 .*failed=0/)
  t.same(await seen(), before, 'nothing of an enrolled phone is lost')
  const again = await convert(bench, [], [...playbook])
  t.equal(again.code, 0, again.output)
  t.match(again.output, /changed=0 .*failed=0/)
  t.same(await seen(), before, 'nor the second time')
})

t.test('a client that is typed by the OpenAPI document compiles and converts', async (t) => {
  const bench = await aBench(t)
  const mac = '000E84C060A6'
  const folder = t.testdir({})
  const document = join(folder, 'openapi.json')
  writeFileSync(document, await (await fetch(`${bench.apiUrl}/openapi.json`)).text())
  const types = join(folder, 'switchhook.d.ts')
  const generated = await run(bin('openapi-typescript'), [document, '-o', types])
  t.equal(generated.code, 0, generated.output)
  copyFileSync(join(EXAMPLES, 'typed-client.ts'), join(folder, 'client.ts'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT }))
  const compiled = await run(bin('tsc'), ['-p', folder])
  t.equal(compiled.code, 0, compiled.output)
  const seen = await anEnrolled(bench, mac)
  const before = await seen()
  const client = [process.execPath, join(folder, 'client.js'), mac, FROM, TO] as const
  const { code, output } = await convert(bench, [mac], [...client])
  t.equal(code, 0, output)
  t.match(output, `${mac}: confirmed`)
  t.equal((await convert(bench, [], [...client])).code, 0, 'again')
  t.same(await seen(), before, 'nothing of an enrolled phone is lost')
})
