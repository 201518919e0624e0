import { family } from './family/family.ts'
import { findContentProblems } from './firmware-content.ts'
import { type FirmwareProblem, type FoundImage, sortOut } from './found-images.ts'
import { type ImageFile, imageFilesOf, loaderOf } from './image-files.ts'

/** The files of one load, complete and consistent. */
export type FirmwareSet = {
  readonly load: string
  readonly protocol: 'sip' | 'sccp'
  /** The universal application loader, without extension; null for a set without one. */
  readonly loader: string | null
  /** Base names, in the order in which a phone asks for them. */
  readonly files: readonly string[]
  /** The bytes of each of `files`: views on what was checked, by base name. */
  readonly contents: ReadonlyMap<string, Uint8Array>
  /** What was there besides, and why it is no part of the set. */
  readonly ignored: readonly { readonly file: string; readonly why: string }[]
}

/** A set, or everything that is wrong with it. */
export type FirmwareSetCheck =
  | { readonly kind: 'ok'; readonly set: FirmwareSet }
  | { readonly kind: 'refused'; readonly problems: readonly FirmwareProblem[] }

/**
 * Checks the files of an archive: names, completeness, signatures' names, `.loads`, sizes.
 *
 * @param files - By path within the archive; files in a sub-folder are found, as Cisco's archives
 *   hold them there and phones want them without a path.
 */
export function checkFirmwareSet(files: ReadonlyMap<string, Uint8Array>): FirmwareSetCheck {
  if (files.size > MOST_FILES) {
    return refuse([{ file: '', fault: `there are ${files.size} files here; a set has five` }])
  }
  const { images, ignored, problems } = sortOut(files)
  if (problems.length > 0) return { kind: 'refused', problems }
  const chosen = chooseLoad(images)
  if (chosen.kind === 'refused') return chosen
  const { load, protocol } = chosen
  const loader = loaderOf(load)
  const wanted = imageFilesOf(load, { loader })
  const present = new Map(images.map((image) => [image.base, image]))
  const extra = images.filter(({ base }) => !wanted.some(({ name }) => name === base))
  const found = [
    ...findMissing(wanted, present, load),
    ...findForeignFiles(extra, load, loader),
    ...findContentProblems(load, loader, wanted, present),
  ]
  if (found.length > 0) return { kind: 'refused', problems: found }
  const left = extra.map(({ path }) => ({ file: path, why: `no phone asks for it with ${load}` }))
  const contents = wanted.map(({ name }) => [name, present.get(name)?.bytes as Uint8Array] as const)
  return {
    kind: 'ok',
    set: {
      load,
      protocol,
      loader,
      files: wanted.map(({ name }) => name),
      contents: new Map(contents),
      ignored: [...ignored, ...left],
    },
  }
}

const MOST_FILES = 256

/** The one load that an archive is for: the one whose application it holds. */
function chooseLoad(
  images: readonly FoundImage[],
):
  | { readonly kind: 'ok'; readonly load: string; readonly protocol: 'sip' | 'sccp' }
  | { readonly kind: 'refused'; readonly problems: readonly FirmwareProblem[] } {
  const loads = new Map<string, FoundImage>()
  for (const image of images) {
    if (image.name.role === 'load') loads.set(image.name.text, image)
  }
  const [first, ...others] = loads.values()
  if (first === undefined) return refuse([loneLoader(images)])
  if (others.length > 0) {
    const fault = `belongs to another load than ${first.base}; give each load in its own archive`
    return refuse(others.map(({ path }) => ({ file: path, fault })))
  }
  const { text: load, protocol } = first.name
  if (protocol !== 'mgcp') return { kind: 'ok', load, protocol }
  return refuse([{ file: first.path, fault: 'is an MGCP load; only SCCP and SIP are converted' }])
}

function loneLoader(images: readonly FoundImage[]): FirmwareProblem {
  const [loader] = images
  if (loader === undefined)
    return { file: '', fault: `there is no firmware of a ${family.either} here` }
  const load = `P0S3${loader.name.text.slice(4)}`
  return { file: `${load}.sb2`, fault: `is missing: ${loader.base} is the loader of ${load}` }
}

function findMissing(
  wanted: readonly ImageFile[],
  present: ReadonlyMap<string, FoundImage>,
  load: string,
): readonly FirmwareProblem[] {
  return wanted
    .filter(({ name }) => !present.has(name))
    .map(({ name }) => ({ file: name, fault: `is missing, and ${load} needs it` }))
}

/** Files of another release, and application images under a loader's extension. */
function findForeignFiles(
  extra: readonly FoundImage[],
  load: string,
  loader: string | null,
): readonly FirmwareProblem[] {
  return extra
    .filter(({ name }) => name.text !== load && name.text !== loader)
    .map(({ path, name }) => ({
      file: path,
      fault: `is the loader of another release (${name.release}) than ${load}`,
    }))
}

function refuse(problems: readonly FirmwareProblem[]) {
  return { kind: 'refused', problems } as const
}
