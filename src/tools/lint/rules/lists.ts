import { fileText } from '../file-text.ts'
import { type Finding, finding } from '../finding.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'

/** Ring lists that name files which are not here. */
export function findListFaults(view: RootView): readonly Finding[] {
  const { top } = view
  const text = (name: string) => {
    const bytes = top.get(name)?.bytes ?? null
    return bytes === null ? undefined : fileText(bytes)
  }
  return ringlistFaults(text('RINGLIST.DAT'), view)
}

function ringlistFaults(text: string | undefined, { root }: RootView): readonly Finding[] {
  if (text === undefined) return []
  const paths = new Set(root.files.map(({ path }) => path))
  return text.split(/\r?\n/, MOST_TONES).flatMap((raw, index) => {
    if (raw.trim() === '') return []
    const [, tone] = /^[^\t]+\t+([^\t]+?)\s*$/.exec(raw) ?? []
    if (tone !== undefined && paths.has(tone.replace(/^(?:\.?\/)+/, ''))) return []
    const found =
      tone === undefined
        ? 'is no name, tab and file'
        : `names ${tone.slice(0, 64).replace(/[^\x20-\x7e]/g, '?')}, which is not here`
    return [
      finding({
        severity: 'warns',
        rule: 'ringlist',
        file: 'RINGLIST.DAT',
        line: index + 1,
        found,
        phone: 'The phone shows the tone in its menu, or none, and cannot play it.',
        remedy: 'Put the tone into the root folder, or take the line away.',
        source: document5455('Enable SIP Functionality'),
      }),
    ]
  })
}

const MOST_TONES = 500
