import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../support/source-files.ts'

/** What may be part of a program under the MIT licence, without a condition beyond naming it. */
const ALLOWED = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
]

type Locked = { readonly license?: string; readonly dev?: boolean; readonly link?: boolean }

t.test('everything that the image holds is under a licence that allows it', async (t) => {
  const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Locked>> }
  // The program itself, and what its tests need, are packages without a place in node_modules.
  const shipped = Object.entries(packages).filter(
    ([path, { dev, link }]) => path.includes('node_modules/') && dev !== true && link !== true,
  )
  t.ok(shipped.length > 50, `${shipped.length} packages`)
  for (const [path, { license = 'none' }] of shipped) {
    // "(MIT OR WTFPL)": any one of them may be chosen.
    const choices = license.replace(/[()]/g, '').split(' OR ')
    t.ok(
      choices.some((choice) => ALLOWED.includes(choice)),
      `${path}: ${license}`,
    )
  }
})
