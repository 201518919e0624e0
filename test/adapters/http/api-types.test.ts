import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import t from 'tap'
import { anApi } from '../../support/an-api.ts'
import { ROOT } from '../../support/source-files.ts'

const FILE = join(ROOT, 'src/adapters/http/api-types.ts')
const HEAD = `// Generated from the OpenAPI document of the API, and not edited:
// SWITCHHOOK_WRITE=1 node --import ./test/runner/load-typescript.mjs test/adapters/http/api-types.test.ts

/** What the API sends and answers. */
`

const TAIL = `
/** The same by name: Schemas['Phone'] is a phone. */
export type Schemas = components['schemas']
`

t.test('the types of the API are those of its OpenAPI document', async (t) => {
  const { app } = await anApi(t)
  const { components, info, openapi } = (await app.inject('/openapi.json')).json()
  // What is sent and answered; how operations refuse is the same for all of them.
  const ast = await openapiTS({ openapi, info, paths: {}, components }, { immutable: true })
  // Texts change more often than forms, and are read in the API itself.
  const all = astToString(ast, { formatOptions: { removeComments: true } })
  const [schemas] = /export interface components \{.*?\n\}\n/s.exec(all) ?? []
  const types = `${HEAD}${schemas}${TAIL}`
  if (process.env['SWITCHHOOK_WRITE'] !== undefined) writeFileSync(FILE, types)
  t.equal(readFileSync(FILE, 'utf8'), types)
})
