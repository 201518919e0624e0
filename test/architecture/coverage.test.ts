import t from 'tap'
import { importsOf, sourceFiles } from '../support/source-files.ts'

const { COMPLETE, EXCEPT } = (await import('../runner/coverage-map.mjs' as string)) as {
  COMPLETE: readonly string[]
  EXCEPT: readonly { readonly why: string; readonly files: readonly string[] }[]
}

const files = [...sourceFiles('src'), ...sourceFiles('test')]
const imported = new Map(
  [...files, ...sourceFiles('appliance')].map((file) => [
    file.path,
    importsOf(file).flatMap(({ path, isTypeOnly }) => (path === null || isTypeOnly ? [] : [path])),
  ]),
)

/** Everything that the files load, directly or not. */
function reachableFrom(paths: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>()
  const waiting = [...paths]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    waiting.push(...(imported.get(path) ?? []))
  }
  return reached
}

t.test('no code of the folders that are covered completely escapes the count', async (t) => {
  // A file that no test loads is not in the report, so it would not be missed there.
  const isIn = (path: string, top: string) =>
    COMPLETE.some((folder) => path.startsWith(`${top}/${folder}/`))
  const tests = files.map(({ path }) => path).filter((path) => isIn(path, 'test'))
  const reached = reachableFrom(tests)
  const withCode = files.filter(
    ({ path, text }) =>
      isIn(path, 'src') && /^(?:export )?(?:async )?(?:const|function|class)\b/m.test(text),
  )
  t.ok(withCode.length > 50)
  t.same(
    withCode.map(({ path }) => path).filter((path) => !reached.has(path)),
    [],
  )
})

t.test('what is left out of the count is there, and in a folder that is counted', async (t) => {
  const known = new Set(files.map(({ path }) => path))
  const left = EXCEPT.flatMap((except) => except.files)
  t.same(
    left.filter(
      (path) => !known.has(path) || !COMPLETE.some((one) => path.startsWith(`src/${one}/`)),
    ),
    [],
  )
  const counted = files.filter(({ path }) => path.startsWith('src/services/'))
  t.ok(left.length < counted.length / 3, 'most of the services are held')
})
