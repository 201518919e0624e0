import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './source-files.ts'

/** A Markdown document of ours. */
export type Document = { readonly name: string; readonly text: string }

/** The documents at the top of the repository, and the guides in `docs`. */
export function documents(): readonly Document[] {
  return [...readdirSync(ROOT), ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }))
}

/** Fenced blocks: their language, empty if none, and what is in them. */
export function blocksOf({ text }: Document): readonly { language: string; code: string }[] {
  return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```/gms)].map(
    ([, indentation = '', language = '', code = '']) => ({
      language,
      code: code.replaceAll(RegExp(`^${indentation}`, 'gm'), ''),
    }),
  )
}

/** Everything that is set as code: blocks, and spans between backticks. */
export function codeOf(document: Document): readonly string[] {
  const prose = document.text.replace(/^ *```.*?^ *```/gms, '')
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)
  return [...blocksOf(document).map(({ code }) => code), ...spans]
}

/** Targets of links within the repository, from its root, without their anchors. */
export function linksOf({ name, text }: Document): readonly string[] {
  return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(name), target))
}

/** Whether there is a file or folder of that name, from the root of the repository. */
export function isThere(path: string): boolean {
  return existsSync(join(ROOT, path))
}
