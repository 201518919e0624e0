import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { documents } from '../support/documents.ts'
import { ROOT } from '../support/source-files.ts'

/** The documents that must name a phrase in order to forbid it. */
const LISTS = ['CONTRIBUTING.md', 'test/architecture/language.test.ts']
const WRITTEN_BY_US = /(?<!\.d)\.(?:ts|tsx|mjs|yaml|yml|css|html|service|sh)$/
/** Captures, logs and files of others, quoted as they are. */
const OF_OTHERS = /^test\/vectors\//

const phrases = listedPhrases(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'))

t.test('the word list of CONTRIBUTING has phrases', async (t) => {
  t.ok(phrases.length >= 5)
  t.same(listedPhrases('| "at the end" | b |\n| "x", "y z" | "not this" |'), [
    'at the end',
    'x',
    'y z',
  ])
})

t.test(
  'finds a phrase within a line, across lines of a comment and across parts of a string',
  async (t) => {
    const found = (text: string) => phrasesIn(text, ['in vain']).length
    t.equal(found('It waits In vain.'), 1)
    t.equal(found(' * It waits in\n   * vain.'), 1)
    t.equal(found('// It waits in\n// vain.'), 1)
    t.equal(found("'It waits in ' +\n  'vain'"), 1)
    t.equal(found('It waits in vainness; inVain'), 0)
  },
)

t.test('no text has a phrase of the word list', async (t) => {
  const texts = [
    ...documents().map(({ name, text }) => ({ path: name, text })),
    ...['src', 'appliance', 'test', 'config'].flatMap(textsBelow),
  ].filter(({ path }) => !LISTS.includes(path))
  t.ok(texts.length > 500)
  for (const { path, text } of texts) t.same(phrasesIn(text, phrases), [], path)
})

/**
 * Documents that are written without the old words of the house, and stay so: those with a table of
 * their own for what it means are not among them.
 */
const REWRITTEN = [
  'ARCHITECTURE.md',
  'SECURITY.md',
  ...[
    'evidence',
    'faults',
    'hostile-input',
    'offline-tools',
    'rollouts',
    'simulator',
    'traces',
  ].map((name) => `docs/${name}.md`),
]
const OLD_WORDS =
  /\b(?:halls?|desks?|shel(?:f|ves)|rungs?|ladders?|strangers?|bystanders?|newcomers?|knobs?|wish(?:es)?|journeys?|anew|whoever|somebody|nobody|at hand|mends?|octets?)\b/gi

t.test('a rewritten document stays without the old words', async (t) => {
  for (const document of documents().filter(({ name }) => REWRITTEN.includes(name))) {
    t.same(proseOf(document).match(OLD_WORDS) ?? [], [], document.name)
  }
  const old = { name: 'x.md', text: 'Whoever has no rung; `ladder` and [it](ladder.md) are names.' }
  t.same(proseOf(old).match(OLD_WORDS), ['Whoever', 'rung'])
})

/**
 * Words that name nothing here any longer, neither in an identifier nor in the name of a file. `knobs`
 * and `ladder` are keys of a scenario, `steerRollout` is an operation of the API: they are contract.
 */
const PRIVATE =
  /^(?:halls?|desks?|shel(?:f|ves)|books?|rungs?|ladders?|strangers?|bystanders?|newcomers?|knobs?|wish(?:es)?|journeys?|misfits?|intakes?|knowledge|steer(?:s|ed)?)$/i
const KEYS = ['knobs', 'ladder', 'steerRollout']

t.test('no identifier and no file is named by a private word', async (t) => {
  const files = ['src', 'appliance', 'test'].flatMap(textsBelow)
  for (const { path, text } of files.filter(({ path }) => /\.(?:tsx?|mjs)$/.test(path))) {
    if (!LISTS.includes(path)) t.same(privateNames(path, text), [], path)
  }
  const planted = "const aWish = 'a desk' // a desk\nf(/desk/, `desk`).DeskParts.wishful.playbook"
  t.same(privateNames('src/x/firmware-shelf.ts', planted), [
    'firmware-shelf.ts',
    'aWish',
    'DeskParts',
  ])
})

/** The name of the file and the identifiers in it that have a private word as a part. */
function privateNames(path: string, text: string): readonly string[] {
  const file = path.slice(path.lastIndexOf('/') + 1)
  const identifiers = new Set(codeOf(text).match(/[A-Za-z_$][\w$]*/g) ?? [])
  return [file, ...identifiers].filter(
    (name) =>
      !KEYS.includes(name) &&
      name.split(/[-._$]|(?<=[a-z\d])(?=[A-Z])/).some((word) => PRIVATE.test(word)),
  )
}

/** Code without comments, strings and regular expressions. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gs, "''")
    .replace(/\/\/[^\n]*/g, '')
    .replace(/(?<=[(,:=]\s*)\/(?:[^/\\\n]|\\.)+\//g, '')
}

/** A document without its code, its links and the names of tests. */
function proseOf({ text }: { readonly text: string }): string {
  return text
    .replace(/^ *```.*?^ *```/gms, '')
    .replace(/`[^`\n]+`(?: › [^|·\n]+)?/g, '')
    .replace(/\]\([^)]*\)/g, '')
}

/** What stands in quotes in the first column of a table. */
function listedPhrases(text: string): readonly string[] {
  return [...text.matchAll(/^\| ("[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/"([^"]+)"/g)].map(([, phrase = '']) => phrase),
  )
}

/** The phrases that a text has, with what stands around them; comments and strings are read as prose. */
function phrasesIn(text: string, listed: readonly string[]): readonly string[] {
  const prose = text.replace(/['`] \+\s*['`]/g, '').replace(/\s*\n\s*(?:\*|\/\/|#|\|)?\s*/g, ' ')
  const alternatives = listed.map((phrase) => phrase.replaceAll(' ', '\\s+')).join('|')
  return [...prose.matchAll(RegExp(`.{0,30}\\b(?:${alternatives})\\b.{0,30}`, 'gi'))].map(
    ([around]) => around,
  )
}

function textsBelow(folder: string): readonly { path: string; text: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => WRITTEN_BY_US.test(path) && !OF_OTHERS.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}
