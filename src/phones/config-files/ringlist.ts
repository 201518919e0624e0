import { isLineBreaking, xmlText } from './plain-text.ts'

/** A ring tone: what the phone's menu shows, and its file (`.pcm` or `.raw`, 8 kHz u-law). */
export type RingTone = { readonly name: string; readonly file: string }

/** `RINGLIST.DAT`, for SIP: name, tab, file, one tone a line. */
export function renderRinglistDat(tones: readonly RingTone[]): string {
  return tones.map(({ name, file }) => `${oneField(name)}\t${oneField(file)}\n`).join('')
}

/** `RINGLIST.XML`, for SCCP. */
export function renderRinglistXml(tones: readonly RingTone[]): string {
  const rings = tones.map(
    ({ name, file }) =>
      `  <Ring>\n    <DisplayName>${xmlText(name)}</DisplayName>\n` +
      `    <FileName>${xmlText(file)}</FileName>\n  </Ring>\n`,
  )
  return `<CiscoIPPhoneRingList>\n${rings.join('')}</CiscoIPPhoneRingList>\n`
}

function oneField(text: string): string {
  return [...text].filter((character) => !isLineBreaking(character)).join('')
}
