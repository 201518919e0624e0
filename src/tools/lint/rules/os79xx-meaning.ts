import { parseFirmwareName } from '../../../phones/firmware-name.ts'
import { type Finding, finding } from '../finding.ts'
import { namedLoads } from '../named-loads.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'

/**
 * What the name in `OS79XX.TXT` means to phones: whom it converts, and who skips it.
 *
 * A phone without the universal application loader compares the first four characters with those
 * of its own image and skips equal ones. The loader's own name begins with `P003`, as every SCCP
 * load's does.
 */
export function findOs79xxMeaning(view: RootView): readonly Finding[] {
  const named = namedLoads(view)
  const load = named.find(({ by }) => by === 'os79xx')?.load ?? ''
  const parsed = parseFirmwareName(load)
  if (parsed.kind === 'bad') return []
  const { protocol, role, eightThree } = parsed.name
  const findings = [note('os79xx-everybody', `names ${load}`, EVERYBODY)]
  if (protocol === 'mgcp') findings.push(note('os79xx-mgcp', `names ${load}, an MGCP load`, MGCP))
  if (role === 'loader' && !named.some(({ by, load: other }) => by === 'xml' && other === load)) {
    findings.push({
      ...note('os79xx-first-four', `names the loader ${load}`, SKIPPED),
      severity: 'warns',
    })
  }
  if (protocol === 'sccp' && !eightThree) {
    findings.push(
      note('os79xx-eight-three', `names ${load}, more than eight characters`, EIGHT_THREE),
    )
  }
  return findings
}

type Meaning = { readonly phone: string; readonly remedy: string; readonly source: string }

const EVERYBODY: Meaning = {
  phone:
    'Every phone without the universal application loader that asks this server may be converted.',
  remedy: 'Take the file away when the phones are done, or serve it on a server of its own.',
  source: document5455('TFTP Accessibility and Impact on Network'),
}

const MGCP: Meaning = {
  phone: 'A phone that follows it speaks neither SCCP nor SIP.',
  remedy: 'Name a SIP or SCCP load.',
  source: document5455('Introduction'),
}

const SKIPPED: Meaning = {
  phone:
    'An SCCP phone before 6.0 skips it: its first four characters, P003, are those of its own load. ' +
    'SIP phones before 7.0 take it.',
  remedy:
    'For SCCP phones name the loader in XMLDefault.cnf.xml or SEP<MAC>.cnf.xml, and the load itself ' +
    'there once the loader runs.',
  source: 'Cisco 7940 and 7960 firmware upgrade matrix; Cisco support community',
}

const EIGHT_THREE: Meaning = {
  phone: 'A SIP phone of release 2.1 or earlier cannot fetch a name of more than eight characters.',
  remedy: 'Take such a phone to SIP 2.3 (P0S30203) first.',
  source: document5455('SIP Phone not Accepting SCCP Load'),
}

function note(rule: string, found: string, meaning: Meaning): Finding {
  return finding({ severity: 'note', rule, file: 'OS79XX.TXT', line: 1, found, ...meaning })
}
