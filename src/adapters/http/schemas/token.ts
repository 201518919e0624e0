import Type from 'typebox'
import { TOKEN_ROLES, type TokenUse } from '../../../services/services.ts'
import { isoTime, isoTimeOrNull } from '../api.ts'
import { Nullable, OneOf, Time } from './values.ts'

/** The name of a token: it stands in paths, in the log and in audit events. */
export const TokenName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  description: 'Letters, digits, dots, hyphens and underscores, at most 64',
  examples: ['grafana'],
})

const role = OneOf(
  TOKEN_ROLES,
  '`read` changes nothing; `operator` changes everything but tokens and webhooks',
)

/** What a token is made of. */
export const TokenBody = Type.Object({ name: TokenName, role }, { additionalProperties: false })

const shown = {
  name: TokenName,
  role,
  createdAt: Time,
  lastUsedAt: Nullable(
    Type.String({ format: 'date-time', description: 'Since the start of the appliance' }),
  ),
}

/** A token as it is listed: never the token itself. */
export const TokenView = Type.Object(shown, { title: 'Token' })

/** A token that was just made. */
export const NewToken = Type.Object(
  { ...shown, token: Type.String({ description: 'The token; it is never shown again' }) },
  { title: 'NewToken' },
)

/** A token as it is listed. */
export function viewToken({ name, role: has, createdAtMs, lastUsedAtMs }: TokenUse) {
  return {
    name,
    role: has,
    createdAt: isoTime(createdAtMs),
    lastUsedAt: isoTimeOrNull(lastUsedAtMs),
  }
}
