/** Folders whose code is covered completely, or the run fails. Of the rest nothing is measured. */
export const COMPLETE = [
  'net',
  'wire',
  'phones',
  'leases',
  'ownership',
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

/** Whether a test file counts: the tests of these folders, together, are to reach all of their code. */
export function isCovered(testFile) {
  return COMPLETE.some((folder) => testFile.startsWith(`test/${folder}/`))
}

const sources = COMPLETE.map((folder) => `src/${folder}/**`)

/** The same for tap's own command: `npx tap FILE` prints what the tests of a file leave uncovered. */
// biome-ignore lint/style/noDefaultExport: tap asks for it
export default function coverageOf(testFile) {
  return isCovered(testFile) ? sources : null
}
