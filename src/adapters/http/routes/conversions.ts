import Type from 'typebox'
import { CONVERSION_STATES, type Conversion } from '../../../conversion/conversion.ts'
import type { ConversionService, Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import type { ConversionTexts } from '../conversion-texts.ts'
import { sendTexts } from '../entry-texts.ts'
import { readMac } from '../read-values.ts'
import { ConversionView } from '../schemas/conversion.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn, OneOf } from '../schemas/values.ts'

const Query = Type.Object(
  {
    mac: Type.Optional(MacIn),
    state: Type.Optional(OneOf(CONVERSION_STATES)),
  },
  { additionalProperties: false },
)

/** `/v1/conversions`: the last or present conversion of every phone. */
export function conversionRoutes(
  app: Api,
  { conversions }: Pick<Services, 'conversions'>,
  texts: ConversionTexts,
): void {
  app.route({
    method: 'GET',
    url: '/v1/conversions',
    schema: {
      operationId: 'listConversions',
      tags: ['conversions'],
      summary: 'The current or last conversion of every phone',
      querystring: Query,
      response: { 200: Type.Array(ConversionView), ...problems('invalid-request') },
    },
    handler: async (request, reply) => {
      const { mac, state } = request.query
      const all = mac === undefined ? conversions.list() : ofOne(conversions, mac)
      const wanted = all.filter((one) => state === undefined || one.state === state)
      return sendTexts(
        reply,
        wanted.map((one) => texts.of(one, reply)),
      )
    },
  })
}

function ofOne(conversions: ConversionService, mac: string): readonly Conversion[] {
  const conversion = conversions.get(readMac(mac, 'mac'))
  return conversion === undefined ? [] : [conversion]
}
