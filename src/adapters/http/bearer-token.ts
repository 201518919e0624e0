import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Makes a check of an Authorization header against one token (RFC 6750 section 2.1). The time it
 * takes tells nothing about how much of a wrong token was right.
 *
 * @returns `absent` where no bearer token was presented: that is no attempt to guess one.
 */
export function tokenCheck(
  token: string,
): (authorization: string | undefined) => 'right' | 'wrong' | 'absent' {
  const wanted = digestOf(token)
  return (authorization) => {
    const presented = presentedToken(authorization)
    if (presented === undefined) return 'absent'
    // Digests are of one length, which timingSafeEqual requires and which hides the token's.
    return timingSafeEqual(digestOf(presented), wanted) ? 'right' : 'wrong'
  }
}

/** The token of an Authorization header (RFC 6750 section 2.1); undefined where it has none. */
export function presentedToken(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
