import { compareFindings, type Finding } from './finding.ts'
import type { RootView } from './root-view.ts'
import { findDialPlanFaults } from './rules/dial-plans.ts'
import { findNameFaults } from './rules/file-names.ts'
import { findSetFaults } from './rules/firmware-sets.ts'
import { findLeftovers } from './rules/leftovers.ts'
import { findListFaults } from './rules/lists.ts'
import { findLoadDisagreements } from './rules/load-agreement.ts'
import { findNamedImageFaults } from './rules/named-images.ts'
import { findOneWaySteps } from './rules/one-way.ts'
import { findOs79xxByteFaults } from './rules/os79xx-bytes.ts'
import { findOs79xxMeaning } from './rules/os79xx-meaning.ts'
import { findOtherModels } from './rules/other-models.ts'
import { findPermissionFaults } from './rules/permissions.ts'
import { findPlaceholders } from './rules/placeholders.ts'
import { findSipDefaultSize } from './rules/sip-default-size.ts'
import { findSipSettingFaults } from './rules/sip-settings.ts'
import { findMisplacedFiles } from './rules/sub-folders.ts'
import { findWrongContent } from './rules/wrong-content.ts'
import { findXmlFaults } from './rules/xml-files.ts'
import { findXmlListFaults } from './rules/xml-lists.ts'

const RULES: readonly ((view: RootView) => readonly Finding[])[] = [
  findPermissionFaults,
  findNameFaults,
  findMisplacedFiles,
  findOs79xxByteFaults,
  findOs79xxMeaning,
  findNamedImageFaults,
  findLoadDisagreements,
  findLeftovers,
  findSetFaults,
  findSipSettingFaults,
  findSipDefaultSize,
  findXmlFaults,
  findListFaults,
  findXmlListFaults,
  findDialPlanFaults,
  findWrongContent,
  findPlaceholders,
  findOneWaySteps,
  findOtherModels,
]

/**
 * Holds a TFTP root against what is known to go wrong with 7940 and 7960 phones.
 *
 * @returns Every finding, worst first; none for a folder with nothing to say about.
 * @see Cisco document 5455, "Common Issues and Troubleshooting Tips"
 */
export function lintRoot(view: RootView): readonly Finding[] {
  return RULES.flatMap((rule) => rule(view)).sort(compareFindings)
}
