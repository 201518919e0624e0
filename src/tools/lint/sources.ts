/** A section of Cisco document 5455, as findings name it. */
export function document5455(section: string): string {
  return `Cisco document 5455, section "${section}"`
}

/** Facts that no document of Cisco's states and several public sources agree on. */
export const FIELD_REPORTS = 'field reports of 7940 and 7960 conversions'

/** The order in which the universal application loader looks for its configuration. */
export const LOADER_HUNT = 'Cisco Unified CME administration guide, configuration file lookup'

/** The messages of the SIP application and what raises them. */
export const SIP_MESSAGES = 'Cisco SIP IP phone administrator guide, error messages'

/** What a rule of a dial plan is made of. */
export const DIAL_PLANS =
  'Cisco SIP IP phone administrator guide 6.x and 7.x, "How to Create Dial Plans" (page 3-23)'

/** When a text is XML. */
export const XML_1_0 = 'Extensible Markup Language 1.0, section 2.1 (well-formed documents)'

/** Names and limits of the parameters in SIP configuration files. */
export const SIP_PARAMETERS = 'Cisco SIP IP phone administrator guide 7.5, appendix D'
