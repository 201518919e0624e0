import { type FirmwareName, parseFirmwareName } from './firmware-name.ts'

/** Something that makes a set useless or dangerous. `file` is as it was given. */
export type FirmwareProblem = { readonly file: string; readonly fault: string }

/** An image file as it was found. */
export type FoundImage = {
  readonly path: string
  readonly base: string
  readonly name: FirmwareName
  readonly extension: string
  readonly bytes: Uint8Array
}

/** What an archive holds, by its names alone. */
export type FoundFiles = {
  readonly images: readonly FoundImage[]
  readonly ignored: readonly { readonly file: string; readonly why: string }[]
  readonly problems: readonly FirmwareProblem[]
}

/** Sorts images from what comes along with them, and finds names that no phone would ask for. */
export function sortOut(files: ReadonlyMap<string, Uint8Array>): FoundFiles {
  const images: FoundImage[] = []
  const ignored: { file: string; why: string }[] = []
  const problems: FirmwareProblem[] = []
  const seen = new Map<string, string>()
  for (const [path, bytes] of files) {
    const base = baseName(path)
    const extension = IMAGE_EXTENSION.exec(base)?.[1]
    // macOS adds a shadow of every file, named ._ and the name.
    if (extension === undefined || base.startsWith('.')) {
      ignored.push({ file: path, why: whyIgnored(base, bytes) })
      continue
    }
    const twin = seen.get(base.toLowerCase())
    if (twin !== undefined) problems.push({ file: path, fault: `has the same name as ${twin}` })
    seen.set(base.toLowerCase(), path)
    const parsed = parseFirmwareName(base.slice(0, -extension.length - 1))
    if (parsed.kind === 'bad') problems.push({ file: path, fault: badName(parsed, extension) })
    else if (extension !== extension.toLowerCase()) {
      problems.push({
        file: path,
        fault: 'has its extension in capitals; phones ask in lower case',
      })
    } else images.push({ path, base, name: parsed.name, extension, bytes })
  }
  return { images, ignored, problems }
}

const IMAGE_EXTENSION = /\.(bin|sbn|sb2|loads)$/i

function badName(
  parsed: { readonly fault: string; readonly suggestion: string | null },
  extension: string,
): string {
  if (parsed.suggestion === null) return parsed.fault
  return `${parsed.fault}; did you mean ${parsed.suggestion}.${extension.toLowerCase()}?`
}

function whyIgnored(base: string, bytes: Uint8Array): string {
  if (!/^OS79XX\.TXT$/i.test(base)) return 'is no firmware'
  const text = String.fromCharCode(...bytes.subarray(0, 64)).trim()
  return `is written again for each phone; this one names ${JSON.stringify(text)}`
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
