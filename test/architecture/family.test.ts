import t from 'tap'
import { sourceFiles } from '../support/source-files.ts'

/** Numbers of the models of the family, and the vendor class that names them. */
const MODEL = /(?<!\d)79(?:40|60)(?!\d)|79[xX]0|CP-79/

/** Where the models may be named all the same, and why. Comments may name them everywhere. */
const EXCUSED: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /^src\/phones\/family\//, why: 'the family itself' },
  { path: /^src\/(?:tools\/)?simulator\//, why: 'knows the phones from the facts a second time' },
  { path: /^src\/settings\/scenario-schema\.ts$/, why: 'configures simulated phones' },
  { path: /^appliance\/(?:commands\/simulate|demo\/)/, why: 'starts simulated phones' },
  {
    path: /^src\/conversion\/(?:diagnosis\/|evidence\.ts|observation\/)|^src\/tools\/explain\//,
    why: 'cites sources',
  },
  {
    path: /^src\/adapters\/http\/api-types\.ts$/,
    why: 'generated from the API, which takes the models from the family',
  },
  { path: /^src\/tools\/lint\//, why: 'tells of files of this family, and cites sources' },
  {
    path: /^appliance\/(?:program|commands\/(?:command-table|phones|plan))\.ts$/,
    why: 'help with examples',
  },
]

const FILES = [...sourceFiles('src'), ...sourceFiles('appliance')]

/** Code without comments. */
function codeOf(text: string): string {
  return text.replace(/\/\*.*?\*\//gs, '').replace(/(?<![:'"`])\/\/[^\n]*/g, '')
}

t.test('nothing outside of the family names a model', async (t) => {
  const named = FILES.filter(
    ({ path }) => !EXCUSED.some((excuse) => excuse.path.test(path)),
  ).filter(({ text }) => MODEL.test(codeOf(text)))
  t.same(
    named.map(({ path }) => path),
    [],
  )
})

t.test('what is excused does name one', async (t) => {
  for (const { path, why } of EXCUSED) {
    const found = FILES.some((file) => path.test(file.path) && MODEL.test(codeOf(file.text)))
    t.ok(found, why)
  }
})
