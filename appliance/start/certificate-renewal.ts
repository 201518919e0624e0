import type { Api } from '../../src/adapters/http/api.ts'
import type { TlsFiles } from '../../src/adapters/http/app.ts'
import { renewCertificate } from '../../src/adapters/http/renew-certificate.ts'

/** Puts the certificate of the files in force as often as asked. */
export class CertificateRenewal {
  readonly #load: (() => Promise<TlsFiles | null>) | null
  #app: Pick<Api, 'server'> | null = null

  /** @param load - Null where the API speaks plain HTTP: there is nothing to renew then. */
  constructor(load: (() => Promise<TlsFiles | null>) | null) {
    this.#load = load
  }

  /** The API whose certificate it is. */
  serve(app: Pick<Api, 'server'>): void {
    this.#app = app
  }

  /** Why it could not be done, in words; null where it was, or where there is none. */
  async renew(): Promise<string | null> {
    try {
      const tls = (await this.#load?.()) ?? null
      if (tls !== null && this.#app !== null) renewCertificate(this.#app, tls)
      return null
    } catch (error) {
      const { message } = error as Error
      return message.endsWith('.') ? message : `${message}.`
    }
  }
}
