import type { Api } from './api.ts'
import type { TlsFiles } from './app.ts'

/**
 * Gives the server another certificate: connections that are open keep the one that they began
 * with, the next one gets the new one. A server of plain HTTP stays one.
 *
 * @throws What OpenSSL says of a pair that it cannot use; the one before stays.
 */
export function renewCertificate({ server }: Pick<Api, 'server'>, tls: TlsFiles): void {
  if ('setSecureContext' in server && typeof server.setSecureContext === 'function') {
    server.setSecureContext(tls)
  }
}
