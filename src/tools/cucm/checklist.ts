/** One thing that an operator does on CallManager, in order. */
export type ChecklistStep = {
  readonly title: string
  readonly text: string
  readonly source: string
}

/**
 * What an operator does to migrate SCCP phones of a CallManager 5.x to SIP, step by step.
 *
 * @see Cisco document 5455, section "Migrate Cisco CallManager 5.x SCCP Phones to SIP"
 */
export function migrationSteps(phoneCount: number): readonly ChecklistStep[] {
  const these = phoneCount === 1 ? 'the phone' : `the ${phoneCount} phones`
  return STEPS.map(([title, text, step]) => ({
    title,
    text: text.replace('THESE', these),
    source: step === null ? TFTP : `${MIGRATE}, ${step}`,
  }))
}

/** How to undo it, and what it costs. */
export const WAY_BACK: ChecklistStep = {
  title: 'Back to SCCP',
  text:
    'Delete the SIP phone, set Auto Registration Phone Protocol to SCCP, and let the phone register ' +
    'again as SCCP.',
  source:
    'Cisco document 5455, section "Migrate Cisco CallManager 5.x SCCP Phones to SIP", last note',
}

const MIGRATE = 'Cisco document 5455, section "Migrate Cisco CallManager 5.x SCCP Phones to SIP"'
const TFTP = 'Cisco document 5455, section "TFTP Accessibility and Impact on Network"'

const STEPS: readonly (readonly [title: string, text: string, step: string | null])[] = [
  [
    'Begin with one phone',
    'Migrate one phone of the list first, and go on when it makes calls: a change to what the TFTP ' +
      'server of a whole network serves can bring down the whole phone system.',
    null,
  ],
  [
    'Open the migration',
    'Cisco CallManager Administration: Bulk Administration > Phones > Migrate Phones > SCCP to SIP.',
    'step 1',
  ],
  [
    'Find the phones',
    'Enter search criteria that list THESE by device name and no other, and click Find. Hold the ' +
      'result against the CSV of this checklist.',
    'step 2',
  ],
  [
    'Choose the template',
    'Click Next and choose the phone template from the drop-down: one for SIP and for this model.',
    'step 3',
  ],
  ['Describe the job', 'Enter the job description in the Job Information area.', 'step 4'],
  [
    'Choose the time',
    'Run Immediately migrates the phone records at once, Run Later at a later time.',
    'step 5',
  ],
  ['Submit', 'Click Submit to create the job.', 'step 6'],
  [
    'Run the job',
    'Bulk Administration > Job Scheduler: schedule or activate it. If it stays Pending, activate the ' +
      'Bulk Provisioning Service under Serviceability > Tools > Service Activation.',
    'step 7',
  ],
  [
    'Reset the phones',
    'Bulk Administration > Phones > Reset/Restart Phones > Query, with the same criteria. Without a ' +
      'reset they stay as they are.',
    'note after step 6',
  ],
  [
    'Change auto-registration',
    'System > Enterprise Parameters: set Auto Registration Phone Protocol to SIP (SCCP is the ' +
      'default), then restart the Cisco CallManager service.',
    'step 8',
  ],
]
