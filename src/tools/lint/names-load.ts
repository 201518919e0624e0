import type { RootView } from './root-view.ts'

/**
 * Whether any file of a TFTP root names a load: `OS79XX.TXT`, `image_version` of a SIP file, or load
 * information of an XML file. Without one no phone changes what it runs, however whole the firmware is.
 *
 * @see Cisco document 5455
 */
export function namesLoad({ anyCase, sip, misspeltSip, xml }: RootView): boolean {
  return (
    anyCase.has('os79xx.txt') ||
    [...sip, ...misspeltSip].some(({ content }) =>
      content.entries.some(({ name }) => name === 'image_version'),
    ) ||
    xml.some(({ content }) => content.loads.length > 0)
  )
}
