import assert from 'node:assert/strict'
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { family } from '../../phones/family/family.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * Gathers an OpenAPI 3.1 document from the schemas of all routes that are declared afterwards;
 * `app.swagger()` gives it once the app is ready.
 */
export function describeApi(app: FastifyInstance): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Switchhook',
        version: '1.0.0',
        description: `Converts Cisco ${family.all} phones between SCCP and SIP firmware.`,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'From the API token file' },
        },
      },
      // Relative: the document is served by the appliance that it describes.
      servers: [{ url: '/', description: 'The appliance that serves this document' }],
      security: [{ token: [] }],
      tags: TAGS,
    },
    transformObject: (documents) => {
      assert('openapiObject' in documents)
      return nameSchemas(documents.openapiObject as Json) as typeof documents.openapiObject
    },
  })
}

const TAGS = [
  { name: 'phones', description: 'Enrolled phones and their state' },
  { name: 'profiles', description: 'Settings that phones share' },
  { name: 'conversions', description: 'Conversions of phones from one load to another' },
  { name: 'rollouts', description: 'Conversion of many phones: canaries, waves, stop on failure' },
  { name: 'firmware', description: 'Firmware sets that the appliance has' },
  { name: 'files', description: 'Shared files, such as ring tones, that convert no phone' },
  { name: 'networks', description: 'VLANs as DHCP sees them' },
  { name: 'leases', description: 'Leases: which client holds which address' },
  { name: 'unknown-devices', description: 'Devices that are not enrolled and were not served' },
  { name: 'events', description: 'The event journal' },
  { name: 'access', description: 'Named tokens with their roles' },
  { name: 'webhooks', description: 'Receivers that are told of events by HTTP' },
  { name: 'health', description: 'Health checks and metrics for supervisors and Prometheus' },
]

/**
 * Moves every schema that has a title into `components/schemas` under that title, and leaves a
 * reference: the routes hold whole schemas, readers and generators want names.
 */
function nameSchemas(document: Json): Json {
  assert(isObject(document))
  const schemas: { [title: string]: Json } = {}
  const { paths: routes = {}, components = {} } = document
  assert(isObject(components))
  const paths = hoist(routes, schemas)
  const sorted = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...document, paths, components: { ...components, schemas: Object.fromEntries(sorted) } }
}

function hoist(node: Json, schemas: { [title: string]: Json }): Json {
  if (Array.isArray(node)) return node.map((item) => hoist(item, schemas))
  if (!isObject(node)) return node
  const entries = Object.entries(node).map(([key, value]) => [key, hoist(value, schemas)])
  const copy: { [key: string]: Json } = Object.fromEntries(entries)
  const { title, ...schema } = copy
  // A property may be called title as well; its value is a schema then, not a text.
  if (typeof title !== 'string') return copy
  assert.deepEqual(schemas[title] ?? schema, schema, `two schemas are called ${title}`)
  schemas[title] = schema
  return { $ref: `#/components/schemas/${title}` }
}

function isObject(node: Json | undefined): node is { [key: string]: Json } {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}
