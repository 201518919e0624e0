import { parseFirmwareName } from '../../../phones/firmware-name.ts'
import { loaderOf } from '../../../phones/image-files.ts'
import { type Finding, finding } from '../finding.ts'
import { type NamedLoad, namedLoads } from '../named-loads.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'

/** Loads that a file names and whose images are not in the root, or are not for who reads it. */
export function findNamedImageFaults(view: RootView): readonly Finding[] {
  // In another letter case it is there on some servers; that is a finding of its name.
  const has = (name: string) => view.top.has(name) || view.anyCase.has(name.toLowerCase())
  return namedLoads(view).flatMap((named) => {
    const parsed = parseFirmwareName(named.load)
    // What is misspelled in OS79XX.TXT is a finding of its bytes.
    if (parsed.kind === 'bad') return named.by === 'os79xx' ? [] : [misspelled(named, parsed)]
    const { role, ual, signed } = parsed.name
    if (role === 'loader') return loaderFaults(named, has)
    if (!ual) return combinedFaults(named, signed, has)
    return named.by === 'os79xx' ? applicationInOs79xx(named, has) : setFaults(named, has)
  })
}

type Has = (name: string) => boolean

function misspelled(
  named: NamedLoad,
  { fault, suggestion }: { readonly fault: string; readonly suggestion: string | null },
): Finding {
  return of(
    named,
    'load-name',
    `names ${JSON.stringify(named.load.slice(0, 64))}, which ${fault}`,
    {
      phone: 'Phones ask for exactly that name, get "file not found" and keep the load they have.',
      remedy: suggestion === null ? 'Name a load that is there.' : `Write ${suggestion}.`,
    },
  )
}

function loaderFaults(named: NamedLoad, has: Has): readonly Finding[] {
  const { load, by } = named
  if (by === 'sip') {
    const phone =
      'A phone with the loader asks for the .loads file of that name, and there is none.'
    const remedy = `Write the load itself, P0S3${load.slice(4)}.`
    return [
      of(named, 'loader-as-load', `names the loader ${load} as image_version`, { phone, remedy }),
    ]
  }
  return combinedFaults(named, true, has)
}

/** An image that is loader and application in one, or a loader: `.bin` below 5.0, `.sbn` from there on. */
function combinedFaults(named: NamedLoad, signed: boolean, has: Has): readonly Finding[] {
  const { load } = named
  const [unsignedThere, signedThere] = [has(`${load}.bin`), has(`${load}.sbn`)]
  const remedy = 'Unzip the whole archive of that load into the root folder.'
  if (!unsignedThere && !(signed && signedThere)) {
    const wanted = signed ? `neither ${load}.bin nor ${load}.sbn` : `no ${load}.bin`
    const phone =
      'A phone that follows it requests that image, does not get it, and keeps its present load.'
    return [
      of(named, 'image-absent', `names ${load}, and there is ${wanted} here`, { phone, remedy }),
    ]
  }
  if (!signed || (unsignedThere && signedThere)) return []
  const missing = unsignedThere ? 'sbn' : 'bin'
  const who = unsignedThere ? 'of release 5.0 or later' : 'below release 5.0'
  const phone = `A phone ${who} requests ${load}.${missing}, does not get it, and keeps its present load.`
  const found = `names ${load}, and there is no ${load}.${missing} here`
  return [{ ...of(named, 'image-absent', found, { phone, remedy }), severity: 'warns' }]
}

/** A set with a loader has no combined image of the load's own name, which is what these phones ask for. */
function applicationInOs79xx(named: NamedLoad, has: Has): readonly Finding[] {
  const { load } = named
  // Some sets hold the application as an image that runs without a loader as well.
  if (has(`${load}.bin`) || has(`${load}.sbn`)) return combinedFaults(named, true, has)
  const loader = loaderOf(load)
  return [
    of(named, 'application-in-os79xx', `names the application ${load}, not its loader`, {
      phone:
        `A phone without the universal application loader asks for ${load}.bin or .sbn, which the ` +
        'archive of that load does not hold.',
      remedy: `Write ${loader}, as the OS79XX.TXT of the archive does.`,
    }),
  ]
}

function setFaults(named: NamedLoad, has: Has): readonly Finding[] {
  const { load } = named
  const missing = [`${load}.loads`, `${load}.sb2`].filter((name) => !has(name))
  if (missing.length === 0) return []
  if (has(`${load}.bin`) || has(`${load}.sbn`)) return [behindLoader(named, missing)]
  return [
    of(named, 'image-absent', `names ${load}, and ${missing.join(' and ')} are not here`, {
      phone:
        'A phone with the universal application loader requests them, does not get them, and continues with what ' +
        'is in its flash; with nothing there it shows "Protocol Application Invalid".',
      remedy: 'Unzip the whole archive of that load into the root folder.',
    }),
  ]
}

/** Phones without the loader take the image that is there. */
function behindLoader(named: NamedLoad, missing: readonly string[]): Finding {
  const found = `names ${named.load}, and ${missing.join(' and ')} are not here`
  const phone =
    'A phone without the universal application loader takes the image that is here. One with the loader requests ' +
    'these files, does not get them, and keeps its present load.'
  const remedy =
    'For phones with the loader unzip the whole archive of that load into the root folder.'
  return { ...of(named, 'image-absent', found, { phone, remedy }), severity: 'warns' }
}

function of(
  { file, line }: NamedLoad,
  rule: string,
  found: string,
  rest: { readonly phone: string; readonly remedy: string },
): Finding {
  const source = document5455('Protocol Application Invalid Error')
  return finding({ severity: 'fails', rule, file, line, found, ...rest, source })
}
