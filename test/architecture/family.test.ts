import t from 'tap'
import { pageFiles, type SourceFile, sourceFiles } from '../support/source-files.ts'

/** Numbers of the models of the family, and the vendor class that names them. */
const MODEL = /(?<!\d)79(?:40|60)(?!\d)|79[xX]0|CP-79/

/** Where the models may be named all the same, and why. Comments may name them everywhere. */
const EXCUSED: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /^src\/phones\/family\//, why: 'the family itself' },
  { path: /^src\/(?:tools\/)?simulator\//, why: 'knows the phones from the facts a second time' },
  { path: /^src\/settings\/scenario-schema\.ts$/, why: 'configures simulated phones' },
  { path: /^appliance\/(?:commands\/simulate|demo\/)/, why: 'starts simulated phones' },
  {
    path: /^src\/adapters\/http\/api-types\.ts$/,
    why: 'generated from the API, which takes the models from the family',
  },
  { path: /^src\/tools\/lint\/rules\/file-names\.ts$/, why: 'knows misspelt names of OS79XX.TXT' },
  {
    path: /^appliance\/(?:program|commands\/(?:command-table|phones|plan))\.ts$/,
    why: 'help with examples',
  },
]

const FILES = [...sourceFiles('src'), ...sourceFiles('appliance'), ...pageFiles()]

/** Places where a text that cites a document, a report or a trace by its title or subject may stand. */
const CITING = /^src\/(?:conversion\/(?:diagnosis\/|evidence\.ts)|tools\/(?:explain|lint)\/)/
const CITATION =
  /'[^'\n]*(?:field (?:traces?|reports?)|Cisco document|Cisco 7940 and 7960|the page of a 7940)[^'\n]*'|'issues on 7940 - 7960"'/g

/** Code without comments, and without citations where they have their place. */
function codeOf({ path, text }: SourceFile): string {
  const code = text.replace(/\/\*.*?\*\//gs, '').replace(/(?<![:'"`])\/\/[^\n]*/g, '')
  return CITING.test(path) ? code.replace(CITATION, "''") : code
}

t.test('nothing outside of the family names a model', async (t) => {
  const named = FILES.filter(
    ({ path }) => !EXCUSED.some((excuse) => excuse.path.test(path)),
  ).filter((file) => MODEL.test(codeOf(file)))
  t.same(
    named.map(({ path }) => path),
    [],
  )
})

t.test('what is excused does name one', async (t) => {
  for (const { path, why } of EXCUSED) {
    const found = FILES.some((file) => path.test(file.path) && MODEL.test(codeOf(file)))
    t.ok(found, why)
  }
})

t.test('a rule that names a model is found, a source that does is not', async (t) => {
  const path = 'src/conversion/evidence.ts'
  const named = (text: string) => MODEL.test(codeOf({ path, text }))
  t.ok(named("if (model === '7960') return SEEN"))
  t.ok(named("remedy: 'Restart the 7940.',"))
  t.notOk(named("source: 'field trace of a 7940 or 7960, July 2021', // 7960"))
  t.ok(MODEL.test(codeOf({ path: 'src/x.ts', text: "'field trace of a 7940'" })))
})
