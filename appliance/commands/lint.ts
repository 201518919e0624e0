import type { Command } from 'commander'
import { listTftpRoot } from '../../src/adapters/disk/list-tftp-root.ts'
import { printable } from '../../src/services/printable.ts'
import type { Finding, Severity } from '../../src/tools/lint/finding.ts'
import { lintRoot } from '../../src/tools/lint/lint-root.ts'
import { namesLoad } from '../../src/tools/lint/names-load.ts'
import { viewRoot, wantsBytes } from '../../src/tools/lint/root-view.ts'
import type { TftpRoot } from '../../src/tools/lint/tftp-root.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'

type LintOptions = { readonly json?: boolean }

/** `switchhook lint`: what in a TFTP root will fail, and why. Nothing is changed. */
export function defineLintCommand(command: Command): void {
  command
    .argument('<DIR>', 'the folder that a TFTP server serves')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n' +
        '  switchhook lint /srv/tftp\n\n' +
        'Each finding names the file, its line or byte offset, what a phone will do about it, the\n' +
        'remedy and the source. Nothing in the folder is changed.\n\n' +
        'Exits with 1 if something will fail, otherwise with 0 (warnings and notes may be\n' +
        'printed), with 66 if the folder cannot be read.',
    )
    .action(runLint)
}

async function runLint(folder: string, options: LintOptions): Promise<void> {
  let root: TftpRoot
  try {
    root = await listTftpRoot(folder, wantsBytes)
  } catch (error) {
    console.error(`lint: ${folder}: ${reasonOf(error)}`)
    process.exitCode = ExitCode.noInput
    return
  }
  const view = viewRoot(root)
  const findings = lintRoot(view)
  const counts = {
    fails: count(findings, 'fails'),
    warns: count(findings, 'warns'),
    notes: count(findings, 'note'),
  }
  const files = root.files.length
  const isNamed = namesLoad(view)
  if (options.json === true) {
    const shown = { folder, files, ...counts, namesLoad: isNamed, findings }
    console.log(JSON.stringify(shown, null, 2))
  } else {
    for (const found of findings) console.log(`${asText(found)}\n`)
    console.log(summary(folder, files, counts))
    if (!isNamed) console.log(NO_LOAD)
  }
  if (counts.fails > 0) process.exitCode = ExitCode.no
}

const NO_LOAD =
  'No file here names a load (OS79XX.TXT, image_version, load information): no phone changes what it runs.'

function count(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((found) => found.severity === severity).length
}

function asText({ severity, file, line, offset, found, ...rest }: Finding): string {
  const place = line !== null ? `, line ${line}` : offset !== null ? `, byte ${offset}` : ''
  const name = file === '' ? 'the folder itself' : printable(file)
  return [
    `${severity.padEnd(5)}  ${name}${place}: ${printable(found)}`,
    `       Phone:  ${printable(rest.phone)}`,
    `       Remedy: ${printable(rest.remedy)}`,
    `       Source: ${rest.source}`,
  ].join('\n')
}

function summary(
  folder: string,
  files: number,
  {
    fails,
    warns,
    notes,
  }: { readonly fails: number; readonly warns: number; readonly notes: number },
): string {
  const looked = `${printable(folder)}: ${files} ${files === 1 ? 'file' : 'files'} checked`
  if (fails + warns + notes === 0) return `${looked}: no known fault found.`
  const said = `${fails} will fail, ${warns} may fail, ${notes} notes`
  return `${looked}: ${said}.${fails === 0 ? ' Nothing is certain to fail.' : ''}`
}
