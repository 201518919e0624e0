import Type from 'typebox'
import type { Mac } from '../../../net/mac.ts'
import { readRequestedFile } from '../../../phones/requested-file.ts'
import type { Services } from '../../../services/services.ts'
import { anonymiseTrace } from '../../../wire/trace/anonymise-trace.ts'
import { writeTrace } from '../../../wire/trace/write-trace.ts'
import type { Api } from '../api.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { readMac } from '../read-values.ts'
import { TimelineView, viewTimelineEntry } from '../schemas/event.ts'
import { problems } from '../schemas/problem.ts'
import { MacIn, Octets } from '../schemas/values.ts'

const params = Type.Object({ mac: MacIn })
const tags = ['phones']

/** `/v1/phones/{mac}/timeline`, `…/boot-log`, `…/capture.pcapng`: what an enrolled phone did. */
export function phoneTraceRoutes(app: Api, { traces }: Pick<Services, 'traces'>): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/timeline',
    schema: {
      operationId: 'getTimeline',
      tags,
      summary: 'DHCP, TFTP and conversion events of a phone in one list, oldest first',
      params,
      response: { 200: Type.Array(TimelineView), ...problems('invalid-request', 'not-found') },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const timeline = await traces.timeline(mac)
      if (timeline === undefined) return sendProblem(reply, notEnrolled(mac))
      return reply.send(timeline.map(viewTimelineEntry))
    },
  })
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/boot-log',
    schema: {
      operationId: 'getBootLog',
      tags,
      summary: 'The TFTP log of a phone in the form of Cisco document 5455',
      params,
      response: {
        200: {
          description: 'One line for each request',
          content: { 'text/plain': { schema: Type.String() } },
        },
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const log = await traces.bootLog(mac)
      if (log === undefined) return sendProblem(reply, notEnrolled(mac))
      return reply.type('text/plain; charset=utf-8').send(log)
    },
  })
  captureRoute(app, traces)
  conversionTraceRoute(app, traces)
}

function conversionTraceRoute(app: Api, traces: Services['traces']): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/trace',
    schema: {
      operationId: 'getTrace',
      tags,
      summary: 'The last conversion of a phone as a trace: requests, results, evidence',
      description:
        'JSON lines, in the form that `switchhook explain` reads and `switchhook simulate --replay` ' +
        'replays. It holds no file contents. `anonymise=true` replaces MAC and IP addresses and ' +
        'file names that only this site has; it keeps the first three bytes of a MAC address, ' +
        'which name the manufacturer.',
      params,
      querystring: Type.Object(
        { anonymise: Type.Optional(Type.Boolean({ default: false })) },
        { additionalProperties: false },
      ),
      response: {
        200: {
          description: 'The header, then one event a line',
          content: { 'application/x-ndjson': { schema: Type.String() } },
        },
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const trace = await traces.conversionTrace(mac)
      if (trace === undefined) return sendProblem(reply, neverConverted(mac))
      const shown = request.query.anonymise === true ? anonymiseTrace(trace, isNameOfPhones) : trace
      reply.header('content-disposition', `attachment; filename="${shown.name}.jsonl"`)
      return reply.type('application/x-ndjson').send(writeTrace(shown))
    },
  })
}

/**
 * Whether firmware asks for the name wherever it runs, misspelt images among it: what an operator
 * has named, such as ring tones and logos, tells whose trace it is.
 */
function isNameOfPhones(name: string): boolean {
  return (
    readRequestedFile(name).kind !== 'other' || /^P[^/]{0,60}\.(?:bin|sbn|sb2|loads)$/i.test(name)
  )
}

function neverConverted(mac: Mac) {
  const detail = `phone ${mac} is not enrolled or has had no conversion; a trace exists only for a conversion`
  return problemOf('not-found', detail)
}

function captureRoute(app: Api, traces: Services['traces']): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/capture.pcapng',
    schema: {
      operationId: 'getCapture',
      tags,
      summary: 'DHCP and TFTP between a phone and the appliance, for Wireshark',
      description:
        'DHCP as sent and received since the start, TFTP rebuilt from events; file contents are left ' +
        'out, and passwords with them. `switchhook explain` reads the file. With database.postgres it ' +
        'has the packets of the appliance that is asked, which the comment of its section header names.',
      params,
      response: {
        200: {
          description: 'A pcapng file; the comment of its section header describes the contents',
          content: { 'application/x-pcapng': { schema: Octets } },
        },
        ...problems('invalid-request', 'not-found'),
      },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const capture = traces.capture(mac)
      if (capture === undefined) return sendProblem(reply, notEnrolled(mac))
      reply.header('content-disposition', `attachment; filename="${mac}.pcapng"`)
      return reply.type('application/x-pcapng').send(Buffer.from(capture))
    },
  })
}

function notEnrolled(mac: Mac) {
  const detail = `phone ${mac} is not enrolled, and only enrolled phones are captured; enrol it with PUT /v1/phones/${mac}`
  return problemOf('not-found', detail)
}
