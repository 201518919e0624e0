import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import t from 'tap'
import { loadCommands } from '../../appliance/commands/lazy-commands.ts'
import { buildProgram } from '../../appliance/program.ts'
import { parseSettings } from '../../src/settings/parse-settings.ts'
import {
  blocksOf,
  codeOf,
  type Document,
  documents,
  isThere,
  linksOf,
} from '../support/documents.ts'
import { importTable, LAYERS } from '../support/layers.ts'
import { importsOf, ROOT, sourceFiles } from '../support/source-files.ts'

const ours = documents()
const byName = (name: string): Document => ours.find((one) => one.name === name) as Document

t.test('the documents that a newcomer looks for exist', async (t) => {
  const wanted = ['README', 'ARCHITECTURE', 'CONFORMANCE', 'CHANGELOG', 'CONTRIBUTING', 'SECURITY']
  for (const name of wanted) t.ok(isThere(`${name}.md`), name)
  t.ok(isThere('LICENSE'))
})

t.test('links lead somewhere', async (t) => {
  const links = ours.flatMap((one) => linksOf(one).map((target) => ({ name: one.name, target })))
  t.ok(links.length > 5)
  t.same(
    links.filter(({ target }) => !isThere(target)),
    [],
  )
})

t.test('test files that are named are there', async (t) => {
  const named = ours.flatMap((one) => codeOf(one)).filter((code) => /^test\/\S+\.ts$/.test(code))
  t.ok(named.length > 50)
  t.same(
    named.filter((file) => !isThere(file)),
    [],
  )
})

t.test('tests that are named by how they begin are there', async (t) => {
  const named = ['faults', 'hostile-input'].flatMap((name) =>
    [...byName(`docs/${name}.md`).text.matchAll(/`(test\/[^`]+)` › (.+?) (?=[|·])/g)].map(
      ([, file = '', names = '']) => ({ file, names }),
    ),
  )
  t.ok(named.length > 40)
  t.same(
    named.filter(({ file, names }) => {
      const text = readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'")
      return !beginsIn(text, names) && !names.split(', ').every((part) => beginsIn(text, part))
    }),
    [],
  )
})

/** Whether a string of a source file begins like this. */
function beginsIn(text: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) => text.includes(quote + name))
}

t.test('each row of what is lost names a test that is there', async (t) => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  const [, section = ''] = byName('docs/several-appliances.md').text.split('### What is lost')
  const [table = ''] = section.split(/^## /m)
  const rows = [...table.matchAll(/^\|(?! What|---)(.*)\|$/gm)].map(([, row = '']) => row)
  t.ok(rows.length > 10)
  const untested = rows.filter((row) => {
    const [, name = '', words = ''] = /`([\w.-]+\.test\.ts)`, "([^"]+)" $/.exec(row) ?? []
    const found = files.filter((file) => name !== '' && file.endsWith(`/${name}`))
    return !found.some((file) => titlesIn(file).some((title) => title.includes(words)))
  })
  t.same(untested, [])
})

/** What the tests of a file are called. */
function titlesIn(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, 'test', file), 'utf8')
  return [...text.matchAll(/\bt\.test\(\s*(['`"])(.+?)\1/gs)].map(([, , title = '']) => title)
}

t.test('npm knows the scripts that are named', async (t) => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const named = ours.flatMap((one) =>
    codeOf(one).flatMap((code) =>
      [...code.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
        ([, script, builtIn]) => script ?? (builtIn as string),
      ),
    ),
  )
  t.ok(named.includes('start') && named.includes('test'))
  t.same(
    named.filter((script) => scripts[script] === undefined),
    [],
  )
})

t.test('switchhook knows the commands and options that are named', async (t) => {
  const program = await loadCommands(buildProgram())
  const named = ours.flatMap((one) =>
    codeOf(one).flatMap((code) =>
      [...code.matchAll(/(?:^|[\s;&|(])(?:switchhook|npm start --) ([a-z][^\n;&|)]*)/gm)].map(
        ([, words = '']) => ({ document: one.name, words: words.trim() }),
      ),
    ),
  )
  t.ok(named.some(({ words }) => words.includes('--')))
  t.same(
    named.filter(({ words }) => !knows(program, words.split(/\s+/))),
    [],
  )
  t.notOk(knows(program, ['plan', '--to', 'LOAD', '--quickly']))
  t.notOk(knows(program, ['convince', 'MAC']))
})

/** Whether the words lead to a command that has all of their options. */
function knows(program: Command, words: readonly string[]): boolean {
  let command = program
  let rest = words
  for (;;) {
    const next = command.commands.find((one) => one.name() === rest[0])
    if (next === undefined) break
    command = next
    rest = rest.slice(1)
  }
  const options = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0])
  const known = [...command.options.map(({ long }) => long), '--help']
  return command !== program && options.every((option) => known.includes(option))
}

t.test('configurations that are shown load', async (t) => {
  const shown = ours.flatMap((one) =>
    blocksOf(one)
      .filter(({ language, code }) => language === 'yaml' && /^networks:/m.test(code))
      .map(({ code }) => code),
  )
  t.ok(shown.length > 0)
  for (const text of shown) {
    const parsed = parseSettings(text)
    t.same(parsed.kind === 'refused' ? parsed.problems : [], [])
  }
})

t.test('files that are named exist', async (t) => {
  const named = ours
    .filter(({ name }) => name !== 'CHANGELOG.md')
    .flatMap((one) =>
      codeOf(one).flatMap((code) =>
        [...code.matchAll(/(?<![\w./-])(?:src|test|appliance|config)\/[\w./-]*[\w/]/g)].map(
          ([path]) => ({ document: one.name, path }),
        ),
      ),
    )
  t.ok(named.length > 20)
  t.same(
    named.filter(({ path }) => !isThere(path)),
    [],
  )
})

t.test('the architecture speaks of files that are there, by their short names', async (t) => {
  const folders = foldersOf('src')
  const short = codeOf(byName('ARCHITECTURE.md')).filter(
    (code) =>
      /^[\w-]+\/[\w./-]+(?<!\.js)$/.test(code) && folders.includes(code.split('/')[0] as string),
  )
  t.ok(short.length > 10)
  t.same(
    short.filter((path) => !(path in LAYERS) && ![`src/${path}`, `src/${path}.ts`].some(isThere)),
    [],
  )
})

t.test('the tree of the architecture has every folder, and no other', async (t) => {
  const tree = blocksOf(byName('ARCHITECTURE.md')).find(({ code }) => code.startsWith('src/'))
  for (const top of ['src', 'appliance']) {
    const [, lines = ''] = RegExp(`^${top}/\\n((?: .*\\n?)*)`, 'm').exec(tree?.code ?? '') ?? []
    const drawn = [...lines.matchAll(/^ {2}([\w-]+)\//gm)].map(([, folder]) => folder)
    t.same(drawn.sort(), foldersOf(top), top)
  }
})

t.test('appliance has at most a dozen files at its top', async (t) => {
  const entries = readdirSync(join(ROOT, 'appliance'), { withFileTypes: true })
  t.ok(entries.filter((entry) => entry.isFile()).length <= 12)
})

t.test('the trails name files that exist, each joined to another', async (t) => {
  const { text } = byName('ARCHITECTURE.md')
  const trails = [...text.matchAll(/^\| File \| Does \|\n.*\n((?:\|.*\n)+)/gm)].map(
    ([, rows = '']) => [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => `src/${path}.ts`),
  )
  t.equal(trails.length, 3)
  t.ok((trails[0]?.length ?? 0) <= 26, 'a read request')
  const imports = new Map(
    sourceFiles('src').map((file) => [file.path, importsOf(file).map(({ path }) => path)]),
  )
  const importsFrom = (file: string) => imports.get(file) ?? []
  // Two that know one port are joined by it; addresses are known to all.
  const joins = (one: string, other: string) =>
    importsFrom(one).includes(other) ||
    importsFrom(other).includes(one) ||
    importsFrom(one).some(
      (path) => path?.startsWith('src/net/') === false && importsFrom(other).includes(path),
    )
  for (const trail of trails) {
    const apart = trail.filter(
      (path) => !imports.has(path) || !trail.some((other) => other !== path && joins(path, other)),
    )
    t.same(apart, [])
  }
})

t.test('who may import whom is written as the test of layers has it', async (t) => {
  const { text } = byName('ARCHITECTURE.md')
  const rows = /^\| Folder \| May import.*\n.*\n((?:\|.*\n)+)/m.exec(text)?.[1]?.trim().split('\n')
  t.same(rows?.slice(0, -2), importTable())
})

function foldersOf(path: string): string[] {
  return readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}
