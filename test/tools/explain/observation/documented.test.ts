import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'

const FOLDER = new URL('../../../../src/tools/explain/observation/', import.meta.url)

t.test('every diagnosis that only explain makes has a row in the document', async (t) => {
  const files = readdirSync(FOLDER).filter((name) => /faults\.ts$|^refused-image\.ts$/.test(name))
  const sources = files.map((name) => readFileSync(new URL(name, FOLDER), 'utf8'))
  const codes = sources.flatMap((text) =>
    Array.from(text.matchAll(/code: '([\w-]+)'/g), ([, code = '']) => code),
  )
  t.ok(new Set(codes).size >= 7)
  const document = readFileSync(new URL('../../../../docs/diagnoses.md', import.meta.url), 'utf8')
  for (const code of codes) t.ok(document.includes(`| \`${code}\` |`), code)
})
