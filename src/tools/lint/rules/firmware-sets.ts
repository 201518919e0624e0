import { findContentProblems } from '../../../phones/firmware-content.ts'
import type { FoundImage } from '../../../phones/found-images.ts'
import { type ImageFile, imageFilesOf, loaderOf } from '../../../phones/image-files.ts'
import { type Finding, finding } from '../finding.ts'
import { setOf } from '../named-loads.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'

/** Sets that lack a file, bear files of another set, or hold other bytes than their names say. */
export function findSetFaults(view: RootView): readonly Finding[] {
  return [...imagesBySet(view.images)].flatMap(([load, images]) => {
    if (images[0]?.name.protocol === 'mgcp') return [mgcp(images[0].path)]
    const loader = loaderOf(load)
    const wanted = imageFilesOf(load, { loader })
    const present = new Map(images.map((image) => [image.base, image]))
    const content = findContentProblems(load, loader, wanted, present).map(({ file, fault }) =>
      badContent(file, fault),
    )
    return [...content, ...missingFiles(load, wanted, view), ...oversized(wanted, view)]
  })
}

/** By the load that each image belongs to; a loader goes with its application. */
function imagesBySet(images: readonly FoundImage[]): ReadonlyMap<string, FoundImage[]> {
  const sets = new Map<string, FoundImage[]>()
  for (const image of images) {
    const load = setOf(image.name.text) as string
    const set = sets.get(load)
    if (set === undefined) sets.set(load, [image])
    else set.push(image)
  }
  return sets
}

function badContent(file: string, fault: string): Finding {
  return finding({
    severity: 'fails',
    rule: 'image-content',
    file,
    found: fault,
    phone:
      'The phone fetches it and then refuses it: "Image Authentication Failed", or a broken transfer ' +
      'again and again.',
    remedy: 'Unzip it again from its original archive; never copy, rename or edit single images.',
    source: document5455('Image Authentication Failed Error'),
  })
}

function missingFiles(
  load: string,
  wanted: readonly ImageFile[],
  { top, anyCase }: RootView,
): readonly Finding[] {
  // In another letter case it is there on some servers; that is a finding of its name.
  const isThere = ({ name }: ImageFile) => top.has(name) || anyCase.has(name.toLowerCase())
  // An image of the load's own name that runs without a loader: no other file of the set is here.
  const isAlone = !wanted.some(isThere)
  // The unsigned image is for phones below 5.0, the signed one for all others.
  return wanted
    .filter((image) => !isThere(image))
    .map(({ name, signed }) => {
      const who = signed ? 'A phone of release 5.0 or later' : 'A phone below release 5.0'
      return finding({
        severity: signed && !isAlone ? 'fails' : 'warns',
        rule: 'set-incomplete',
        file: name,
        found: `is missing, and ${load} is here otherwise`,
        phone: `${who} requests it and does not get it; halfway through it shows "Protocol Application Invalid".`,
        remedy: `Unzip the whole archive of ${load} into the root folder; no file by hand.`,
        source: document5455('Protocol Application Invalid Error'),
      })
    })
}

/** Larger than any image, so it was not even read. */
function oversized(wanted: readonly ImageFile[], { top }: RootView): readonly Finding[] {
  return wanted.flatMap(({ name }) => {
    const file = top.get(name)
    if (file?.unread?.kind !== 'not-wanted') return []
    return [badContent(name, `has ${file.sizeBytes} bytes, more than any image of these phones`)]
  })
}

function mgcp(file: string): Finding {
  return finding({
    severity: 'note',
    rule: 'mgcp',
    file,
    found: 'is an MGCP load',
    phone: 'A phone that runs it speaks neither SCCP nor SIP.',
    remedy: 'Leave it where it is only if you convert to MGCP on purpose.',
    source: document5455('Introduction'),
  })
}
