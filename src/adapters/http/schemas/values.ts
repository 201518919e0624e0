import Type, { type Static, type TSchema } from 'typebox'

/** A schema's values, or null. */
export function Nullable<S extends TSchema & { readonly type: string }>(schema: S) {
  return Type.Unsafe<Static<S> | null>({ ...schema, type: [schema.type, 'null'] })
}

/** An enumeration of strings. */
export function OneOf<const Values extends readonly string[]>(values: Values, description = '') {
  const described = description === '' ? {} : { description }
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...described })
}

/** An enumeration of strings, or null. */
export function NullableOneOf<const Values extends readonly string[]>(
  values: Values,
  description = '',
) {
  const described = description === '' ? {} : { description }
  return Type.Unsafe<Values[number] | null>({
    type: ['string', 'null'],
    enum: [...values, null],
    ...described,
  })
}

/** Parameters by name, as they stand in a phone's configuration file. */
export const Parameters = Type.Unsafe<Readonly<Record<string, string>>>(
  parametersOf({ type: 'string', maxLength: 1024 }),
)

/** A merge patch of parameters: null takes one away, or all of them. */
export const ParametersPatch = Type.Unsafe<Readonly<Record<string, string | null>> | null>({
  ...parametersOf({ type: ['string', 'null'], maxLength: 1024 }),
  type: ['object', 'null'],
})

function parametersOf(value: object) {
  return {
    type: 'object',
    patternProperties: { '^[A-Za-z0-9_]{1,64}$': value },
    additionalProperties: false,
    maxProperties: 512,
  }
}

/** A MAC address as it comes out. */
export const MacOut = Type.String({
  description: 'MAC address: twelve upper-case hexadecimal digits',
  examples: ['000E84C060A6'],
})

/** A MAC address as it may come in. */
export const MacIn = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'MAC address in any usual spelling',
  examples: ['00:0e:84:c0:60:a6'],
})

/** An IPv4 address. */
export const Address = Type.String({
  maxLength: 15,
  description: 'IPv4 address as a dotted quad',
  examples: ['10.20.0.61'],
})

/** A moment. */
export const Time = Type.String({
  format: 'date-time',
  description: 'ISO 8601, in UTC',
  examples: ['2026-03-01T09:30:00.000Z'],
})

/** A name that an operator gives. */
export const Name = Type.String({ minLength: 1, maxLength: 64 })

/** A load by its file name without extension. */
export const Load = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'A load as the phone names it',
  examples: ['P0S3-8-12-00'],
})

/** SHA-256. */
export const Sha256 = Type.String({ description: 'SHA-256 in lower-case hexadecimal digits' })

/** The revision of an entry. */
export const Revision = Type.Integer({
  minimum: 1,
  description: 'Counts changes and is the ETag. Ignored in a request: use If-Match',
})

/** `If-Match` and `If-None-Match`, for routes that change what two people might edit. */
export const Preconditions = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'Change it only at this ETag (or *: only if it exists)' }),
  ),
  'if-none-match': Type.Optional(
    Type.String({ description: 'With *: only if it does not exist yet' }),
  ),
})

/** A file's bytes. */
export const Octets = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

/** Whether firmware is made for simulated phones. */
export const Synthetic = Type.Boolean({
  description:
    'Made for simulated phones, without any Cisco code; served on loopback networks only, or in a rehearsal',
})
