import { parseFirmwareName } from '../../../phones/firmware-name.ts'
import { type Finding, finding } from '../finding.ts'
import { type NamedLoad, namedLoads, setOf } from '../named-loads.ts'
import type { RootView } from '../root-view.ts'
import { document5455, LOADER_HUNT } from '../sources.ts'

/**
 * Files that name different loads to one phone. A loader and the application of its set agree.
 *
 * What one phone's own files say of each other decides; a phone's own file may depart from a shared
 * one on purpose, which is worth a warning.
 */
export function findLoadDisagreements(view: RootView): readonly Finding[] {
  const named = namedLoads(view).filter(({ load }) => setOf(load) !== undefined)
  const shared = named.filter(({ mac }) => mac === null)
  const own = named.filter(({ mac }) => mac !== null)
  return [...ofSharedFiles(shared), ...ofOwnFiles(own), ...ofOwnAndShared(own, shared)]
}

function ofSharedFiles(shared: readonly NamedLoad[]): readonly Finding[] {
  const [first, ...others] = shared
  if (first === undefined) return []
  return others
    .filter((other) => setOf(other.load) !== setOf(first.load))
    .map((other) => {
      // A server may keep SCCP phones by the XML file and SIP phones by theirs, if each has its own.
      const isMixed = protocolOf(other) !== protocolOf(first) && first.by !== 'os79xx'
      return disagreement(isMixed ? 'warns' : 'fails', other, first)
    })
}

function ofOwnFiles(own: readonly NamedLoad[]): readonly Finding[] {
  const first = new Map<string, NamedLoad>()
  return own.flatMap((named) => {
    const other = first.get(named.mac as string)
    first.set(named.mac as string, other ?? named)
    if (other === undefined || setOf(other.load) === setOf(named.load)) return []
    return [disagreement('fails', named, other)]
  })
}

function ofOwnAndShared(
  own: readonly NamedLoad[],
  shared: readonly NamedLoad[],
): readonly Finding[] {
  return own.flatMap((named) => {
    const other = shared.find(({ by }) => by === named.by)
    if (other === undefined || setOf(other.load) === setOf(named.load)) return []
    return [disagreement('warns', named, other)]
  })
}

function disagreement(severity: 'fails' | 'warns', named: NamedLoad, other: NamedLoad): Finding {
  const isMixed = protocolOf(named) !== protocolOf(other)
  return finding({
    severity,
    rule: 'loads-disagree',
    file: named.file,
    line: named.line,
    found: `names ${named.load}, and ${other.file} (line ${other.line}) names ${other.load}`,
    phone: isMixed
      ? 'The first of these files that a phone finds decides its protocol; another phone, or the ' +
        'same one on its next boot, takes the other.'
      : 'A phone that reads both upgrades to one and then to the other, boot after boot.',
    remedy: 'Let every file that a phone reads name one load, and keep other loads elsewhere.',
    source: isMixed ? LOADER_HUNT : document5455('Protocol Application Invalid Error'),
  })
}

function protocolOf({ load }: NamedLoad): string {
  const parsed = parseFirmwareName(load)
  /* c8 ignore next -- bad names have been left out */
  return parsed.kind === 'bad' ? '' : parsed.name.protocol
}
