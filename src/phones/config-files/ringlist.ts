import { findTextFault, phoneText, xmlText } from './phone-text.ts'

/** A ring tone: what the phone's menu shows, and its file (`.pcm` or `.raw`, 8 kHz u-law). */
export type RingTone = { readonly name: string; readonly file: string }

/**
 * `RINGLIST.DAT`, for SIP: name, tab, file, one tone a line. A tone whose file has a name that
 * phones cannot ask for is left out.
 */
export function renderRinglistDat(tones: readonly RingTone[]): string {
  return tones
    .filter(hasFileName)
    .map(({ name, file }) => `${phoneText(name)}\t${file}\n`)
    .join('')
}

/** `RINGLIST.XML`, for SCCP. Tones are left out as in `RINGLIST.DAT`. */
export function renderRinglistXml(tones: readonly RingTone[]): string {
  const rings = tones
    .filter(hasFileName)
    .map(
      ({ name, file }) =>
        `  <Ring>\n    <DisplayName>${xmlText(name)}</DisplayName>\n` +
        `    <FileName>${xmlText(file)}</FileName>\n  </Ring>\n`,
    )
  return `<CiscoIPPhoneRingList>\n${rings.join('')}</CiscoIPPhoneRingList>\n`
}

function hasFileName({ file }: RingTone): boolean {
  return findTextFault(file, 'free') === undefined
}
