import { bareName } from './phone-text.ts'

/**
 * `OS79XX.TXT`: the name of the image and one line end, nothing else. An extension, a blank or a
 * second line makes the phone ask for a file that does not exist.
 *
 * @param load - A load or a loader, without extension.
 * @see Cisco document 5455, section "Enable SIP Functionality"
 */
export function renderOs79xx(load: string): string {
  return `${bareName(load)}\n`
}
