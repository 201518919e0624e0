import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { CachedFile } from './file-cache.ts'

/** A read request, as far as an answer may depend on it. */
export type FileRequest = {
  readonly client: Ipv4
  readonly clientPort: number
  /** The name as it came over the wire. */
  readonly requestedName: string
  readonly atMs: number
}

/**
 * What a client gets for a name. `mac` is the enrolled phone that the client was identified as, null for
 * any other: the result of the request is that phone's, whichever device is at the address by then.
 */
export type FileAnswerResult =
  /** `name` is the one canonical name of what is served; log and counters use it. */
  | {
      readonly kind: 'file'
      readonly name: string
      readonly file: CachedFile
      readonly mac: Mac | null
    }
  /** ERROR 1, at once. */
  | { readonly kind: 'absent'; readonly mac: Mac | null }
  /** Not a client of ours, or not known yet who it is: no answer at all. */
  | { readonly kind: 'silence' }

/**
 * The port through which the TFTP engine asks what a name means to a client. The answer is
 * immediate: everything served is in memory.
 */
export interface FileAnswer {
  answer(request: FileRequest): FileAnswerResult
  /** The enrolled phone that the client is now; null for any other. Nothing is served or moved by it. */
  ownerAt(client: Ipv4, atMs: number): Mac | null
}
