import { type FirmwareName, parseFirmwareName } from '../../../phones/firmware-name.ts'
import { type Finding, finding } from '../finding.ts'
import { type NamedLoad, namedLoads } from '../named-loads.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'

/** Steps without a way back, and steps back that no phone takes. */
export function findOneWaySteps(view: RootView): readonly Finding[] {
  const hasSigned = view.images.some(({ name }) => name.signed)
  return namedLoads(view).flatMap((named) => {
    const parsed = parseFirmwareName(named.load)
    if (parsed.kind === 'bad') return []
    if (!parsed.name.signed) return hasSigned ? [belowSigned(named, parsed.name)] : []
    // Said once, by the file that reaches phones below 5.0.
    return named.by === 'os79xx' ? [intoSigned(named, parsed.name)] : []
  })
}

function intoSigned({ file, line, load }: NamedLoad, { release }: FirmwareName): Finding {
  return finding({
    severity: 'note',
    rule: 'one-way',
    file,
    line,
    found: `names ${load}, release ${release}`,
    phone:
      'A phone below 5.0 that takes it accepts signed images alone from then on; there is no way back.',
    remedy: 'Make sure that these phones are never needed on a load below 5.0 again.',
    source: document5455('Enable SIP Functionality'),
  })
}

function belowSigned({ file, line, load }: NamedLoad, { release }: FirmwareName): Finding {
  return finding({
    severity: 'warns',
    rule: 'one-way',
    file,
    line,
    found: `names ${load}, release ${release}, and there are loads of 5.0 or later here`,
    phone:
      'A phone that runs 5.0 or later refuses it: unsigned images are a thing of the past for it.',
    remedy: 'Name a load of 5.0 or later for such phones.',
    source: document5455('Enable SIP Functionality'),
  })
}
