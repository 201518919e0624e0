import type { Api } from '../../src/adapters/http/api.ts'
import type { TlsFiles } from '../../src/adapters/http/app.ts'
import { renewCertificate } from '../../src/adapters/http/renew-certificate.ts'

/**
 * Puts the certificate of the files in force as often as asked.
 *
 * @param load - Null where the API speaks plain HTTP: there is nothing to renew then.
 */
export function certificateRenewal(
  app: Pick<Api, 'server'>,
  load: (() => Promise<TlsFiles | null>) | null,
) {
  return {
    /** Why it could not be done, in words; null where it was, or where there is none. */
    async renew(): Promise<string | null> {
      try {
        const tls = (await load?.()) ?? null
        if (tls !== null) renewCertificate(app, tls)
        return null
      } catch (error) {
        const { message } = error as Error
        return message.endsWith('.') ? message : `${message}.`
      }
    },
  }
}
