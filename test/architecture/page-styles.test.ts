import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Connection } from '../../src/dashboard/data/page-state.ts'
import type {
  ConversionState,
  RolloutPhoneState,
  RolloutState,
  Stage,
  TimelineEntry,
} from '../../src/dashboard/data/types.ts'
import type { PhoneGroup } from '../../src/dashboard/words/phone-groups.ts'
import { ROOT } from '../support/source-files.ts'

const PAGE = join(ROOT, 'src/dashboard')

/** Classes whose name is a value of the API or of the state: not each of them needs a rule. */
type Value =
  | Connection
  | ConversionState
  | RolloutState
  | RolloutPhoneState
  | Stage
  | PhoneGroup
  | TimelineEntry['source']

/** All of those values, and whether one looks different from the others. */
const VALUES: Readonly<Record<Value, 'styled' | 'plain'>> = {
  absent: 'plain',
  all: 'plain',
  booting: 'plain',
  cancelled: 'plain',
  confirmed: 'styled',
  connecting: 'plain',
  conversion: 'styled',
  dhcp: 'plain',
  fetching: 'plain',
  finished: 'styled',
  flashing: 'plain',
  idle: 'plain',
  live: 'styled',
  operator: 'plain',
  paused: 'styled',
  pending: 'plain',
  polling: 'plain',
  rebooting: 'plain',
  refused: 'plain',
  running: 'styled',
  skipped: 'plain',
  stalled: 'styled',
  stopped: 'styled',
  tftp: 'plain',
  'under-way': 'plain',
  waiting: 'plain',
}

/** All files of the page with these endings, joined. */
function textOf(ending: RegExp): string {
  return readdirSync(PAGE, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => readFileSync(join(PAGE, name), 'utf8'))
    .join('\n')
}

/** The value of a computed attribute, and of a variable of that name. */
const COMPUTED = /\bclass=\{(?:[^{}]|\{[^{}]*\})*\}|\bclasses = [^\n]*/g

/** Every class that the source writes: in plain attributes, and in the strings of computed ones. */
function classesUsed(source: string): Set<string> {
  const plain = [...source.matchAll(/\bclass="([^"]*)"/g)].map(([, names = '']) => names)
  const computed = [...source.matchAll(COMPUTED)].flatMap(([expression]) => literalsIn(expression))
  return new Set([...plain, ...computed].join(' ').split(/\s+/).filter(Boolean))
}

/** What stands in quotes in an expression, without the parts that are computed. */
function literalsIn(expression: string): string[] {
  const strings = [...expression.matchAll(/'([^']*)'|`([^`]*)`/g)]
  return strings.map(([, single, template]) =>
    (single ?? template ?? '').replace(/\$\{[^}]*\}/g, ' '),
  )
}

/** Every class that a selector names. */
function classesRuled(css: string): Set<string> {
  const selectors = css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\{[^{}]*\}/g, ' ')
    .replace(/@[^;{]*[;{]/g, ' ')
  return new Set([...selectors.matchAll(/\.([a-z][a-z0-9-]*)/g)].map(([, name = '']) => name))
}

const used = classesUsed(textOf(/\.tsx$/))
const ruled = classesRuled(textOf(/\.css$/))

t.test('every class of the page has a rule', async (t) => {
  t.ok(used.size > 50)
  t.same(
    [...used].filter((name) => !ruled.has(name) && !Object.hasOwn(VALUES, name)),
    [],
  )
})

t.test('every rule of the page is used', async (t) => {
  const isStyled = (name: string) =>
    Object.entries(VALUES).some((one) => `${one}` === `${name},styled`)
  t.same(
    [...ruled].filter((name) => !used.has(name) && !isStyled(name)),
    [],
  )
})

t.test('classes and rules are found in every form', async (t) => {
  t.same(
    [
      ...classesUsed(
        `<p class="a b"/><p class={\`c \${d}\`} aria-e={'f'}/><p class={g ? 'h i' : 'j'}/>`,
      ),
    ],
    ['a', 'b', 'c', 'h', 'i', 'j'],
  )
  t.same(
    [
      ...classesRuled(
        '/* .x */ .a.b > .c::before, p:not(.d) { top: 0.5rem }\n@media (x) { .e { y: z } }',
      ),
    ],
    ['a', 'b', 'c', 'd', 'e'],
  )
})
