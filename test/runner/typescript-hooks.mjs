import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** By content, so that of the many processes of a test run none transpiles what another has. */
const KEPT = new URL('../../.tap/transpiled/', import.meta.url)

/** Node's hook: our TypeScript is transpiled, without a look at types; all else is Node's. */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts') || url.includes('/node_modules/')) return nextLoad(url, context)
  return { format: 'module', shortCircuit: true, source: (await transpiled(url)).source }
}

/** The folder of what was transpiled. */
export function transpiledFolder() {
  return fileURLToPath(KEPT)
}

/**
 * The JavaScript of a source file, with its source map inside: coverage counts lines of ours.
 *
 * @returns {Promise<{ source: string, kept: string }>} `kept` is the name of the file that has it.
 */
export async function transpiled(url) {
  const text = readFileSync(fileURLToPath(url), 'utf8')
  const key = createHash('sha256').update(`${url}\0${text}`).digest('hex')
  const kept = `${key}.js`
  try {
    return { kept, source: readFileSync(new URL(kept, KEPT), 'utf8') }
  } catch {
    // It is needed for the first time.
  }
  const source = await transpile(fileURLToPath(url), text)
  const fresh = new URL(`${key}.${process.pid}`, KEPT)
  mkdirSync(KEPT, { recursive: true })
  writeFileSync(fresh, source)
  renameSync(fresh, new URL(kept, KEPT))
  return { kept, source }
}

async function transpile(fileName, text) {
  // Late, because it takes a second and is rarely needed.
  const { default: ts } = await import('typescript')
  const { outputText } = ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
  })
  return outputText
}
