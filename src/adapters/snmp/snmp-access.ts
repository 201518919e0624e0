/** How a switch lets us in. Secrets are named by their files and read at each use. */
export type SnmpAccess =
  /** SNMPv3, authPriv. */
  | {
      readonly version: 3
      readonly user: string
      readonly authFile: string
      readonly privFile: string
      readonly auth: 'sha1' | 'sha256'
      readonly priv: 'aes128'
      readonly port: number
    }
  | { readonly version: '2c'; readonly communityFile: string; readonly port: number }

/** A file that holds a secret. */
export type SecretFile = {
  /** Its key in the configuration. */
  readonly key: string
  readonly file: string
  /** Characters at least. */
  readonly minLength: number
}

/** RFC 3414 section 11.2: passwords of at least 8 characters; agents refuse shorter ones. */
const MIN_PASSWORD_LENGTH = 8

/** The secrets that an access needs. */
export function secretsOf(access: SnmpAccess): readonly SecretFile[] {
  if (access.version === '2c') {
    return [{ key: 'communityFile', file: access.communityFile, minLength: 1 }]
  }
  return [
    { key: 'authFile', file: access.authFile, minLength: MIN_PASSWORD_LENGTH },
    { key: 'privFile', file: access.privFile, minLength: MIN_PASSWORD_LENGTH },
  ]
}
