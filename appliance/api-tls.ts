import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { TlsFiles } from '../src/adapters/http/app.ts'
import type { Settings } from '../src/settings/settings.ts'

/**
 * The certificate and key of the API; null where it speaks plain HTTP. Read at the start and at each
 * reload, since certificates run out before machines do.
 *
 * @throws The file system's error, or an Error that names the file and what is wrong with it.
 */
export async function apiTls({ api }: Settings): Promise<TlsFiles | null> {
  if (api.tls === undefined) return null
  const { certificateFile, keyFile } = api.tls
  const cert = await readFile(certificateFile, 'utf8')
  const key = await readFile(keyFile, 'utf8')
  const first = read(certificateFile, 'a certificate', () => new X509Certificate(cert))
  const own = read(keyFile, 'a private key', () => createPrivateKey(key))
  if (!first.checkPrivateKey(own)) {
    throw new Error(
      `${keyFile} is not the key of ${certificateFile}; wanted the two files of one request. ` +
        'In a chain, the certificate of this machine comes first.',
    )
  }
  return { cert, key }
}

function read<T>(file: string, what: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${file} holds no PEM of ${what}: ${reason}`, { cause })
  }
}
