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
  'services',
  'settings',
  'tools/lint',
  'tools/cucm',
  'tools/explain/observation',
  'tools/explain/server-log',
]

/** Files of these folders that are not held, and why. Their tests are real; what is missing is a branch or two of each. */
export const EXCEPT = [
  {
    why: 'shared with other appliances: their tests need PostgreSQL, which a machine may lack',
    files: [
      'api/merged-events',
      'events/shared-events',
      'mirrored-inventory',
      'shared-documents',
      'shared-stores',
      'shared-version',
    ],
  },
  {
    why: 'a branch or two is reached by none of these tests: guards, and what needs a whole appliance',
    files: [
      'clients/auto-enrol',
      'events/events-tail',
      'events/recorder',
      'ownership/membership',
      'ownership/network-owners',
      'restarts/restart-service',
      'survey/survey-service',
      'tracking/tracking',
      'webhooks/webhooks',
    ],
  },
].map(({ why, files }) => ({ why, files: files.map((name) => `src/services/${name}.ts`) }))

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
