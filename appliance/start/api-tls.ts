import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { TlsFiles } from '../../src/adapters/http/app.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { reasonOf } from './file-reason.ts'
import { readText } from './read-text.ts'

/** A file of `api.tls` cannot be used. The message names the key and the file. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError'
  /** As in the configuration: `api.tls.keyFile`. */
  readonly key: string

  constructor(key: string, reason: string, cause?: unknown) {
    super(`${key}: ${reason}`, { cause })
    this.key = key
  }
}

const CERTIFICATE = 'api.tls.certificateFile'
const KEY = 'api.tls.keyFile'

/**
 * The certificate and key of the API; null where it speaks plain HTTP. Read at the start and at each
 * reload, since certificates run out before machines do.
 *
 * @throws {@link TlsFilesError}
 */
export async function apiTls({ api }: Settings): Promise<TlsFiles | null> {
  if (api.tls === undefined) return null
  const { certificateFile, keyFile } = api.tls
  const cert = await textOf(CERTIFICATE, certificateFile)
  const key = await textOf(KEY, keyFile)
  const first = read(CERTIFICATE, certificateFile, () => new X509Certificate(cert))
  const own = read(KEY, keyFile, () => createPrivateKey(key))
  if (!first.checkPrivateKey(own)) {
    throw new TlsFilesError(
      KEY,
      `${keyFile} does not belong to ${certificateFile}; wanted the key and the certificate of one request. ` +
        'In a chain, the certificate of this machine must come first.',
    )
  }
  return { cert, key }
}

/**
 * Why clients will refuse a certificate by its dates; undefined where they will not.
 *
 * @param cert - PEM that has been read as a certificate.
 */
export function findLapse(file: string, cert: string, nowMs = Date.now()): string | undefined {
  const { validFrom, validTo } = new X509Certificate(cert)
  if (Date.parse(validTo) < nowMs) return `${file} has a certificate that expired ${validTo}`
  return Date.parse(validFrom) > nowMs
    ? `${file} has a certificate that is not valid before ${validFrom}`
    : undefined
}

async function textOf(key: string, file: string): Promise<string> {
  try {
    return await readText(file)
  } catch (error) {
    throw new TlsFilesError(key, `${file} cannot be read: ${reasonOf(error)}`, error)
  }
}

const WANTED = { [CERTIFICATE]: 'a certificate', [KEY]: 'a private key' }

function read<T>(key: keyof typeof WANTED, file: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TlsFilesError(
      key,
      `${file} does not contain ${WANTED[key]} in PEM form: ${reason}`,
      cause,
    )
  }
}
