import t from 'tap'
import { LAYERS, mayUse } from '../support/layers.ts'
import { importsOf, type SourceFile, sourceFiles } from '../support/source-files.ts'

/**
 * What only adapters and the appliance may touch: clocks, timers, the process, chance. `new Date(x)`
 * reads a calendar and no clock.
 */
const WORLD =
  /\b(?:Date\.now|new Date\b(?!\(\w)|setTimeout|setInterval|setImmediate|process\.|console\.|Math\.random|performance\.)/

/** `src/adapters/udp/x.ts` is of `adapters/udp`, `src/tools/lint/x.ts` of `tools/lint`, `src/net/x.ts` of `net`. */
function layerOf(path: string): string {
  return /^src\/((?:(?:adapters|tools)\/)?[^/]+)\//.exec(path)?.[1] ?? path
}

function faultsOf(file: SourceFile): string[] {
  const layer = layerOf(file.path)
  const row = LAYERS[layer]
  if (row === undefined) return [`${file.path}: no row for ${layer}`]
  const faults = importsOf(file).flatMap(({ specifier, path }) => {
    if (path === null) return mayUse(row, specifier) ? [] : [`${file.path}: ${specifier}`]
    const target = layerOf(path)
    const isRight = target === layer || row.may.includes(target)
    return isRight ? [] : [`${file.path}: ${target} (${specifier})`]
  })
  const code = file.text.replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, '')
  const touched = layer.startsWith('adapters/') ? null : WORLD.exec(code)
  return touched === null ? faults : [...faults, `${file.path}: ${touched[0]}`]
}

const sources = sourceFiles('src')

t.test('each folder imports what the table allows, and engines touch no world', async (t) => {
  t.ok(sources.length > 100)
  t.same(sources.flatMap(faultsOf), [])
})

t.test('nothing in src imports the appliance or a test', async (t) => {
  const outward = sources.flatMap((file) =>
    importsOf(file).filter(({ path }) => path !== null && !path.startsWith('src/')),
  )
  t.same(outward, [])
})

t.test('no file imports itself, however far around', async (t) => {
  const files = [...sources, ...sourceFiles('appliance')]
  t.same(cyclesIn(files), [])
})

t.test('PostgreSQL is loaded by those alone whose configuration names it', async (t) => {
  const isApart = (path: string) =>
    path.startsWith('src/adapters/postgres/') || path === 'appliance/start/shared-ownership.ts'
  const others = [...sources, ...sourceFiles('appliance')].filter(({ path }) => !isApart(path))
  const atOnce = others.flatMap(({ path, text }) =>
    importsOf({ path, text: text.replaceAll('import(', 'later(') })
      .filter((found) => !found.isTypeOnly && isApart(found.path ?? ''))
      .map(({ specifier }) => `${path}: ${specifier}`),
  )
  t.same(atOnce, [])
})

t.test('a planted fault is found', async (t) => {
  const planted = [
    { path: 'src/dhcp/x.ts', text: "import { a } from '../tftp/y.ts'", fault: 'tftp' },
    { path: 'src/net/x.ts', text: "import fs from 'node:fs'", fault: 'node:fs' },
    { path: 'src/tftp/x.ts', text: 'const now = Date.now()', fault: 'Date.now' },
    {
      path: 'src/leases/x.ts',
      text: "import type { A } from '../adapters/udp/y.ts'",
      fault: 'adapters/udp',
    },
    {
      path: 'src/adapters/udp/x.ts',
      text: "export * from '../sqlite/y.ts'",
      fault: 'adapters/sqlite',
    },
    { path: 'src/utils/x.ts', text: '', fault: 'no row for utils' },
  ]
  for (const { path, text, fault } of planted) {
    t.match(faultsOf({ path, text }), [RegExp(`^${path}: ${fault}`)], fault)
  }
  t.same(faultsOf({ path: 'src/tftp/x.ts', text: '// Date.now() is not for engines' }), [])
  const circle = [
    { path: 'src/net/a.ts', text: "import { b } from './b.ts'" },
    { path: 'src/net/b.ts', text: "import { a, type C } from './a.ts'" },
    { path: 'src/net/c.ts', text: "import { type A } from './c.ts'" },
  ]
  t.same(cyclesIn(circle), ['src/net/a.ts', 'src/net/b.ts'])
})

/** Files that take part in a circle of imports; types are gone at run time and do not count. */
function cyclesIn(files: readonly SourceFile[]): string[] {
  const next = new Map(
    files.map((file) => [
      file.path,
      importsOf(file).flatMap(({ path, isTypeOnly }) =>
        path === null || isTypeOnly ? [] : [path],
      ),
    ]),
  )
  const reaches = (from: string, wanted: string): boolean => {
    const seen = new Set<string>()
    const waiting = [...(next.get(from) ?? [])]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (path === wanted) return true
      if (seen.has(path)) continue
      seen.add(path)
      waiting.push(...(next.get(path) ?? []))
    }
    return false
  }
  return [...next.keys()].filter((path) => reaches(path, path))
}
