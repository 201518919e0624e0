import { join, relative } from 'node:path'
import t from 'tap'
import { ROOT } from '../support/source-files.ts'

type Batch = {
  readonly files: readonly string[]
  readonly weight?: number
  readonly env?: Readonly<Record<string, string>>
}
type Limits = {
  readonly width: number
  readonly fileTimeoutS: number
  readonly isRunAgain?: boolean
  readonly print: (line: string) => void
}
type Counts = { readonly passed: number; readonly failed: number; readonly leftOut: string[] }
const { runFiles } = (await import('./run-files.mjs' as string)) as {
  runFiles: (name: string, batches: readonly Batch[], limits: Limits) => Promise<Counts>
}

const aTest = (name: string, body: string) =>
  `import t from 'tap'\nt.test('${name}', async (t) => { ${body} })\n`

const PLANTED = {
  'good.test.ts': `${aTest('one', 't.pass()')}console.log('# left out: two (no root)')\n`,
  'better.test.ts': aTest('two', 't.pass()'),
  'bad.test.ts': aTest('three', "t.equal(1, 2, 'sums')"),
  'broken.test.ts': "import './missing.ts'\n",
  'crash.test.ts': aTest('four', 'process.kill(process.pid, "SIGKILL")'),
  'hang.test.ts': aTest('five', 'await new Promise(() => setInterval(() => {}, 1000))'),
}

function planted(folder: string, ...names: readonly (keyof typeof PLANTED)[]) {
  return names.map((name) => relative(ROOT, join(folder, name)))
}

t.test('tests of many files are counted, and what failed is printed', async (t) => {
  const folder = t.testdir(PLANTED)
  const lines: string[] = []
  const limits = { width: 2, fileTimeoutS: 60, print: (line: string) => lines.push(line) }
  const batches = [
    { files: planted(folder, 'good.test.ts', 'bad.test.ts', 'better.test.ts') },
    { files: planted(folder, 'broken.test.ts') },
  ]
  const counts = await runFiles('planted', batches, limits)
  t.same(counts, { passed: 2, failed: 2, leftOut: ['two (no root)'] })
  const output = lines.join('\n')
  t.match(output, /not ok 1 - sums/)
  t.match(output, /not ok 2 - \S+bad\.test\.ts/)
  t.match(output, /missing\.ts/)
})

t.test('what failed beside others runs once more by itself, and its name is printed', async (t) => {
  const once = `import { existsSync, writeFileSync } from 'node:fs'
import t from 'tap'
const mark = new URL('mark', import.meta.url)
t.test('late', async (t) => { t.ok(existsSync(mark)); writeFileSync(mark, '') })
`
  const folder = t.testdir({ ...PLANTED, 'late.test.ts': once })
  const at = (name: string) => ({ files: [relative(ROOT, join(folder, name))] })
  const lines: string[] = []
  const print = (line: string) => lines.push(line)
  const limits = { width: 2, fileTimeoutS: 60, isRunAgain: true, print }
  const batches = [at('late.test.ts'), at('bad.test.ts'), at('good.test.ts')]
  t.match(await runFiles('planted', batches, limits), { passed: 2, failed: 1 })
  t.match(lines.join('\n'), /failed beside others, passed by itself: \S+late\.test\.ts/)
  t.match(lines.join('\n'), /failed beside others, failed by itself too: \S+bad\.test\.ts/)
})

t.test('a process that ends within a file, or hangs, is one failure with its name', async (t) => {
  const folder = t.testdir(PLANTED)
  const lines: string[] = []
  const limits = { width: 2, fileTimeoutS: 60, print: (line: string) => lines.push(line) }
  const cut = [{ files: planted(folder, 'good.test.ts', 'crash.test.ts', 'better.test.ts') }]
  t.match(await runFiles('planted', cut, limits), { passed: 1, failed: 1 })
  t.match(lines.join('\n'), /not finished: \S+crash\.test\.ts \S+better\.test\.ts \(SIGKILL\)/)
  lines.length = 0
  const hanging = [{ files: planted(folder, 'hang.test.ts') }]
  const { passed, failed } = await runFiles('planted', hanging, { ...limits, fileTimeoutS: 5 })
  t.equal(passed, 0)
  t.ok(failed > 0)
  t.match(lines.join('\n'), /timeout|not finished/)
})

t.test('a heavy batch runs when nothing else does', async (t) => {
  // Each test notes when it began and ended.
  const noting = aTest('six', 't.pass()').replace(
    't.pass()',
    "const { appendFileSync } = await import('node:fs'); const note = (what: string) => appendFileSync(process.env['NOTES'] ?? '', process.env['PART'] + what + ' '); note('<'); await new Promise((resolve) => setTimeout(resolve, 300)); note('>'); t.pass()",
  )
  const folder = t.testdir({ 'noting.test.ts': noting, notes: '' })
  const NOTES = join(folder, 'notes')
  const files = [relative(ROOT, join(folder, 'noting.test.ts'))]
  const batch = (PART: string, weight: number) => ({ files, weight, env: { NOTES, PART } })
  const batches = [batch('a', 1), batch('b', 1), batch('c', 3), batch('d', 1)]
  const limits = { width: 3, fileTimeoutS: 60, print: () => undefined }
  t.match(await runFiles('noting', batches, limits), { passed: 4, failed: 0 })
  const { readFileSync } = await import('node:fs')
  const notes = readFileSync(NOTES, 'utf8').trim().split(' ')
  t.same(notes.slice(-4), ['c<', 'c>', 'd<', 'd>'])
})
