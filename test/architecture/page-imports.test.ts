import t from 'tap'
import { importsOf, pageFiles, type SourceFile } from '../support/source-files.ts'

const PAGE = 'src/dashboard/'

/** Generated from the API, and types alone: nothing of it comes to a browser. */
const API_TYPES = 'src/adapters/http/api-types.ts'

function faultsOf(file: SourceFile): string[] {
  return importsOf(file)
    .filter(({ specifier, path, isTypeOnly }) => {
      if (path === null) return !/^(?:preact(?:\/hooks)?|eventsource-parser)$/.test(specifier)
      return !path.startsWith(PAGE) && !(isTypeOnly && path === API_TYPES)
    })
    .map(({ specifier }) => `${file.path}: ${specifier}`)
}

t.test(
  'the page imports itself, its UI library and the types of the API, nothing else',
  async (t) => {
    const files = pageFiles()
    t.ok(files.length > 20)
    t.same(files.flatMap(faultsOf), [])
  },
)

t.test('a planted fault is found', async (t) => {
  const path = `${PAGE}parts/x.tsx`
  const faults = [
    "import type { Phone } from '../../inventory/phone.ts'",
    "import { components } from '../../adapters/http/api-types.ts'",
    "import { readFileSync } from 'node:fs'",
    "import { useMemo } from 'preact/compat'",
  ]
  for (const text of faults) t.equal(faultsOf({ path, text }).length, 1, text)
  t.same(faultsOf({ path, text: "import { useState } from 'preact/hooks'" }), [])
})
