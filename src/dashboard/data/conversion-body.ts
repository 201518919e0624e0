/** Who restarts the phone; empty: what its network and its switch port allow. */
export type RestartChoice = '' | 'auto' | 'manual'

/** A conversion as it is being filled in. */
export type ConversionDraft = {
  readonly to: string
  /** Empty: the phone shows it. */
  readonly from: string
  readonly path: 'cautious' | 'direct'
  readonly acceptOneWay: boolean
  readonly restart: RestartChoice
}

/**
 * The body of `PUT /v1/phones/{mac}/conversion`: what is empty is left out.
 *
 * @param acceptFrom - Whether `from` counts even where the phone was seen to run another load.
 */
export function conversionBodyOf(
  draft: ConversionDraft,
  acceptFrom: boolean,
): Readonly<Record<string, unknown>> {
  const { to, from, path, acceptOneWay, restart } = draft
  return {
    to,
    path,
    acceptOneWay,
    ...(from === '' ? {} : { from }),
    ...(restart === '' ? {} : { restart }),
    ...(acceptFrom ? { acceptFrom } : {}),
  }
}
