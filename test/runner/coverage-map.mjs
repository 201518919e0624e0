/** Folders whose code is covered completely, or the run fails. Of the rest nothing is measured. */
export const COMPLETE = [
  'net',
  'wire',
  'phones',
  'leases',
  'files',
  'dhcp',
  'tftp',
  'call-control',
  'clients',
  'conversion',
  'settings',
  'tools/lint',
  'tools/cucm',
  'tools/explain/observation',
  'tools/explain/server-log',
]

const sources = COMPLETE.map((folder) => `src/${folder}/**`)

/** Tells tap what a test file is to cover: the tests of these folders, together, all of them. */
// biome-ignore lint/style/noDefaultExport: tap asks for it
export default function coverageOf(testFile) {
  return COMPLETE.some((folder) => testFile.startsWith(`test/${folder}/`)) ? sources : null
}
