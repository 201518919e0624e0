import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Phone } from '../../../inventory/phone.ts'
import type { Mac } from '../../../net/mac.ts'
import {
  countStates,
  type PhonePage,
  phonePage,
  selectPhones,
} from '../../../services/phone-list/phone-page.ts'
import type { PhoneListRow } from '../../../services/phone-list/phone-row.ts'
import type { Services } from '../../../services/services.ts'
import type { Api } from '../api.ts'
import type { ConversionTexts } from '../conversion-texts.ts'
import {
  type EntryText,
  EntryTexts,
  jsonWriter,
  sendTexts,
  withConversion,
} from '../entry-texts.ts'
import { phonesCsv } from '../phone-list/phones-csv.ts'
import { readFilter, readQuery, readSelection } from '../phone-list/read-query.ts'
import { ProblemError, problemOf } from '../problem.ts'
import { PhoneView, viewPhone } from '../schemas/phone.ts'
import {
  ListedPhone,
  PhoneCountQuery,
  PhoneCounts,
  PhoneExportQuery,
  PhoneListQuery,
} from '../schemas/phone-list.ts'
import { problems } from '../schemas/problem.ts'

const tags = ['phones']

type ListServices = Pick<Services, 'inventory' | 'registrations' | 'seen' | 'conversions'>

/** `/v1/phones`, its export and its counts: all phones, or those that fit a filter. */
export function phoneListRoutes(
  app: Api,
  services: ListServices,
  conversions: ConversionTexts,
): void {
  listRoute(app, services, conversions)
  exportRoute(app, services)
  countRoute(app, services)
}

function rowsOf({ inventory, registrations, seen, conversions }: ListServices): PhoneListRow[] {
  return inventory.phones().map((phone) => ({
    phone,
    conversion: conversions.get(phone.mac),
    registration: registrations.get(phone.mac),
    seen: seen.get(phone.mac),
  }))
}

function listRoute(app: Api, services: ListServices, conversions: ConversionTexts): void {
  const textOf = rowTexts(conversions)
  app.route({
    method: 'GET',
    url: '/v1/phones',
    schema: {
      operationId: 'listPhones',
      tags,
      summary: 'Enrolled phones: all, or those that fit, sorted and in parts',
      description:
        'X-Total-Count says how many fit; with a limit, Link (rel="next") leads to the phones after ' +
        'these. `after` is the MAC address of the last phone of the part before.',
      querystring: PhoneListQuery,
      response: { 200: Type.Array(ListedPhone), ...problems('invalid-request') },
    },
    handler: async (request, reply) => {
      const page = phonePage(rowsOf(services), readQuery(request.query))
      if (page === undefined) throw noPlace(request.query.after ?? '')
      sayPart(reply, page, request.url)
      const isFull = request.query.with === 'conversion'
      return sendTexts(
        reply,
        page.rows.map((row) => textOf(row, isFull, reply)),
      )
    },
  })
}

const writePhone = jsonWriter(PhoneView)

/** Writes a row as JSON; with `isFull` with its conversion. */
function rowTexts(conversions: ConversionTexts) {
  const phones = new EntryTexts<Phone>()
  return (row: PhoneListRow, isFull: boolean, reply: FastifyReply): EntryText => {
    const { phone, conversion, registration, seen } = row
    const text = phones.of(phone, [registration, seen], () =>
      writePhone(reply, viewPhone(phone, registration, seen)),
    )
    if (!isFull || conversion === undefined) return text
    return withConversion(text, conversions.of(conversion, reply))
  }
}

function noPlace(after: string): ProblemError {
  const message = `phone ${after} is not in this list any more; begin again without after`
  const problems = [{ path: 'after', message }]
  return new ProblemError(problemOf('invalid-request', message, { problems }))
}

function sayPart(reply: FastifyReply, { rows, total, hasMore }: PhonePage, url: string): void {
  reply.header('x-total-count', total)
  const last = rows.at(-1)
  if (hasMore && last !== undefined) {
    reply.header('link', `<${nextUrl(url, last.phone.mac)}>; rel="next"`)
  }
}

/** The same request, starting after this phone. */
function nextUrl(url: string, after: Mac): string {
  const [path = '', search] = url.split('?', 2)
  const query = new URLSearchParams(search)
  query.delete('offset')
  query.set('after', after)
  return `${path}?${query}`
}

function exportRoute(app: Api, services: ListServices): void {
  app.route({
    method: 'GET',
    url: '/v1/phones.csv',
    schema: {
      operationId: 'exportPhones',
      tags,
      summary: 'Phones as CSV, in the columns of an import; no passwords',
      description:
        'With state and evidence of their conversions. Importing the file again changes nothing.',
      querystring: PhoneExportQuery,
      response: {
        200: {
          description: 'The phones that fit',
          content: { 'text/csv': { schema: Type.String() } },
        },
        ...problems('invalid-request'),
      },
    },
    handler: async (request, reply) => {
      const phones = selectPhones(rowsOf(services), readSelection(request.query))
      reply.header('content-disposition', 'attachment; filename="phones.csv"')
      return reply.type('text/csv; charset=utf-8').send(phonesCsv(phones))
    },
  })
}

function countRoute(app: Api, services: ListServices): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/counts',
    schema: {
      operationId: 'countPhones',
      tags,
      summary: 'How many of the phones that fit stand where; state is ignored',
      querystring: PhoneCountQuery,
      response: { 200: PhoneCounts, ...problems('invalid-request') },
    },
    handler: (request) => countStates(rowsOf(services), readFilter(request.query)),
  })
}
