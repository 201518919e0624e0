/** How a step makes the phone load the next image. */
export type StepMethod =
  /** `OS79XX.TXT` names the image (pre-UAL phones; the first four characters must differ). */
  | 'os79xx'
  /** `image_version` in `SIPDefault.cnf` and `SIP<MAC>.cnf` (SIP phones). */
  | 'image_version'
  /** Load information in `SEP<MAC>.cnf.xml` and `XMLDefault.cnf.xml` (SCCP phones). */
  | 'xml'
  /** A universal application loader set: loader first, then `.loads` and application. */
  | 'ual'

/** One step of a conversion: the load that the phone runs when it is done. */
export type PlanStep = {
  readonly load: string
  readonly method: StepMethod
  /** No legal way leads back behind this step. */
  readonly oneWay: boolean
  /** Why this step, in words for an operator. */
  readonly why: string
  /** The document that allows it. */
  readonly source: string
}
