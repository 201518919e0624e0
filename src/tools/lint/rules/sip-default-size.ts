import { parseFirmwareName } from '../../../phones/firmware-name.ts'
import { type Finding, finding } from '../finding.ts'
import { namedLoads } from '../named-loads.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'

/**
 * A `SIPDefault.cnf` of more than its `image_version`: SIP 2.x drops a file above a certain size,
 * which no document gives.
 */
export function findSipDefaultSize(view: RootView): readonly Finding[] {
  const byDefault = view.sip.find(({ mac }) => mac === null)
  if (byDefault === undefined) return []
  const others = byDefault.content.entries.filter(({ name }) => name !== 'image_version').length
  const majors = sipMajors(view)
  if (others === 0 || majors.length === 0) return []
  const runs2 = majors.some((major) => major < 3)
  return [
    finding({
      severity: runs2 ? 'fails' : 'warns',
      rule: 'sip-default-size',
      file: byDefault.file.path,
      found: `has ${byDefault.file.sizeBytes} bytes, ${others} parameters besides image_version`,
      phone: 'A SIP 2.x phone drops it, shows "W210 TFTP Error : buffer full" and is not upgraded.',
      remedy:
        'While phones on SIP 2.x are upgraded, leave nothing in it but image_version; put the rest back ' +
        'afterwards.',
      source: document5455('W210 TFTP Error : buffer full Error'),
    }),
  ]
}

/** Major releases of the SIP loads here that run without the universal application loader. */
function sipMajors(view: RootView): readonly number[] {
  const texts = [
    ...namedLoads(view).map(({ load }) => load),
    ...view.images.map(({ name }) => name.text),
  ]
  return texts.flatMap((text) => {
    const parsed = parseFirmwareName(text)
    if (parsed.kind === 'bad' || parsed.name.protocol !== 'sip' || parsed.name.ual) return []
    return [parsed.name.major]
  })
}
