import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A source file as it lies there. */
export type SourceFile = {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
}

/** What a file takes from another place. */
export type Import = {
  /** As written: `./x.ts`, `node:fs`, `fastify`. */
  readonly specifier: string
  /** The file from the root of the repository; null for a package or a part of Node. */
  readonly path: string | null
  /** Gone when the program runs. */
  readonly isTypeOnly: boolean
}

const PAGE = 'src/dashboard/'

/** All TypeScript below a folder, that of the page left out: the browser's rules are others. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  return filesBelow(folder).filter(({ path }) => path.endsWith('.ts') && !path.startsWith(PAGE))
}

/** All TypeScript of the page; what Vite reads while it builds is not part of what a browser gets. */
export function pageFiles(): readonly SourceFile[] {
  return filesBelow(PAGE).filter(({ path }) => path !== `${PAGE}vite.config.ts`)
}

function filesBelow(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /(?<!\.d)\.tsx?$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:([^'";]*?)\sfrom\s+)?'([^']+)'/gm
const CALL = /\b(?:import|new URL)\(\s*'([^']+)'/g

/** Everything that a file imports: by statement, by call, and as the program of a worker. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const imports: Import[] = []
  for (const [, type, names = '', specifier = ''] of text.matchAll(STATEMENT)) {
    const listed = /^\{([^}]*)\}$/.exec(names.trim())?.[1]?.split(',') ?? ['']
    const isTypeOnly =
      type !== undefined || listed.every((name) => /^\s*(?:type\s.*)?$/s.test(name) && names !== '')
    imports.push({ specifier, path: pathOf(path, specifier), isTypeOnly })
  }
  for (const [, specifier = ''] of text.matchAll(CALL)) {
    if (!specifier.endsWith('.ts')) continue
    imports.push({ specifier, path: pathOf(path, specifier), isTypeOnly: false })
  }
  return imports
}

function pathOf(from: string, specifier: string): string | null {
  return specifier.startsWith('.') ? normalize(join(dirname(from), specifier)) : null
}
