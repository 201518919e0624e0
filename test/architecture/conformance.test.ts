import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { documents, isThere } from '../support/documents.ts'
import { ROOT } from '../support/source-files.ts'

/** A row of the ledger: what is asked, who obeys, which tests show it. */
type Row = { readonly item: string; readonly rule: string; readonly tests: readonly Named[] }

/** A test by the file that it is in and its name. */
type Named = { readonly file: string; readonly name: string }

const ledger = documents().find(({ name }) => name === 'CONFORMANCE.md')?.text ?? ''
const rows = rowsOf(ledger)

t.test('the ledger has rows', async (t) => {
  t.ok(rows.length > 50, `${rows.length} rows`)
})

t.test('each test that the ledger names exists', async (t) => {
  t.same(
    rows.flatMap(({ tests }) => tests).filter((test) => !exists(test)),
    [],
  )
})

t.test('each demand has a rule file and two tests, or says that it is not supported', async (t) => {
  const faults = rows.filter(({ item, rule, tests }) => {
    if (/not supported|not applicable/.test(item)) return false
    const files = [...rule.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file)
    return files.length === 0 || !files.every(isThere) || tests.length < 2
  })
  t.same(
    faults.map(({ item }) => item.slice(0, 80)),
    [],
  )
})

t.test('a test that is not there is found out', async (t) => {
  const [row] = rowsOf(
    '| 1. x | RFC 1 | `src/net/mac.ts` | `test/net/mac.test.ts` › nobody wrote this | – |',
  )
  t.same(row?.tests, [{ file: 'test/net/mac.test.ts', name: 'nobody wrote this' }])
  t.equal(exists({ file: 'test/net/mac.test.ts', name: 'nobody wrote this' }), false)
  t.equal(exists({ file: 'test/net/none.test.ts', name: 'x' }), false)
})

/** Rows of the tables whose first cell is a numbered item. */
function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| *(\d+\..*)\|\s*$/gm)].map(([, item = '']) => ({
    item,
    rule: item.split('|')[2] ?? '',
    tests: [...item.matchAll(/`(test\/[^`]+)` › (.+?)(?=\s*(?:\||$|[,;] `test\/|<br>))/g)].map(
      ([, file = '', name = '']) => ({ file, name: name.trim() }),
    ),
  }))
}

/** Whether the file calls a test by that name, as it stands there. */
function exists({ file, name }: Named): boolean {
  if (!isThere(file)) return false
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'")
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`))
}
