import { parseFirmwareName } from '../../phones/firmware-name.ts'
import { readOs79xx } from './read-os79xx.ts'
import type { RootView } from './root-view.ts'

/** A load that a file of the root names, and where. */
export type NamedLoad = {
  readonly by: 'os79xx' | 'sip' | 'xml'
  readonly file: string
  readonly line: number
  /** The phone that the file is for; null for a file that all phones share. */
  readonly mac: string | null
  readonly load: string
}

/** Every load that is named anywhere in the root, as it is spelled there. */
export function namedLoads(view: RootView): readonly NamedLoad[] {
  const { os79xx, sip, xml } = view
  const inOs79xx = os79xx === null ? '' : readOs79xx(os79xx.bytes).name
  return [
    ...(inOs79xx === ''
      ? []
      : [{ by: 'os79xx', file: 'OS79XX.TXT', line: 1, mac: null, load: inOs79xx } as const]),
    ...sip.flatMap(({ file, mac, content }) =>
      content.entries
        .filter(({ name, value }) => name === 'image_version' && value !== '')
        .map(
          ({ value, line }) => ({ by: 'sip', file: file.path, line, mac, load: value }) as const,
        ),
    ),
    ...xml.flatMap(({ file, mac, content }) =>
      content.loads.map(
        ({ load, line }) => ({ by: 'xml', file: file.path, line, mac, load }) as const,
      ),
    ),
  ]
}

/**
 * The load whose set a name belongs to: a loader's is the application that it came with, so that
 * files which name one or the other agree. Undefined for what is no name.
 */
export function setOf(load: string): string | undefined {
  const parsed = parseFirmwareName(load)
  if (parsed.kind === 'bad') return undefined
  return parsed.name.role === 'loader' ? `P0S3${load.slice(4)}` : load
}
