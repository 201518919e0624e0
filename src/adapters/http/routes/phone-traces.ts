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
      summary: 'DHCP, TFTP and conversion events of a phone, joined, oldest first',
      params,
      response: { 200: Type.Array(TimelineView), ...problems('invalid-request', 'not-found') },
    },
    handler: async (request, reply) => {
      const mac = readMac(request.params.mac, 'mac')
      const timeline = traces.timeline(mac)
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
      const log = traces.bootLog(mac)
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
      summary: 'The last conversion of a phone as a trace: requests, ends, evidence',
      description:
        'JSON lines, in the form that `switchhook explain` reads and `switchhook simulate --replay` ' +
        'plays. No contents of files are in it. `anonymise=true` replaces MAC and IP addresses and ' +
        'names of files that only this site has; the first three octets of a MAC address, the ' +
        "maker's, are kept.",
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
  const detail = `phone ${mac} is not enrolled, or has had no conversion, and a trace is that of a conversion`
  return problemOf('not-found', detail)
}

function captureRoute(app: Api, traces: Services['traces']): void {
  app.route({
    method: 'GET',
    url: '/v1/phones/:mac/capture.pcapng',
    schema: {
      operationId: 'getCapture',
      tags,
      summary: 'What a phone and the appliance said by DHCP and TFTP, for Wireshark',
      description:
        'DHCP as it travelled since the start, TFTP rebuilt from events; what files hold is left ' +
        'out, passwords with it. `switchhook explain` reads it.',
      params,
      response: {
        200: {
          description: 'A pcapng file; the comment of its section says what is in it',
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
  const detail = `phone ${mac} is not enrolled, and only enrolled phones are recorded; enrol it with PUT /v1/phones/${mac}`
  return problemOf('not-found', detail)
}
