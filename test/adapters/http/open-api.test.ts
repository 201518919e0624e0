import { createConfig, lintFromString } from '@redocly/openapi-core'
import t from 'tap'
import { anApi } from '../../support/an-api.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: unknown[]
  parameters?: { name: string; in: string; schema?: unknown }[]
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Json }> }>
}

const EXPECTED = `
  DELETE /v1/files/{name}
  DELETE /v1/firmware/{load}
  DELETE /v1/leases/{address}
  DELETE /v1/phones/{mac}
  DELETE /v1/phones/{mac}/conversion
  DELETE /v1/profiles/{name}
  DELETE /v1/rollouts/{id}
  DELETE /v1/unknown-devices/{mac}
  DELETE /v1/tokens/{name}
  DELETE /v1/webhooks/{id}
  GET /healthz
  GET /metrics
  GET /readyz
  GET /v1/appliances
  GET /v1/conversions
  GET /v1/events
  GET /v1/files
  GET /v1/files/{name}
  GET /v1/firmware
  GET /v1/firmware/{load}
  GET /v1/leases
  GET /v1/networks
  GET /v1/networks/{name}
  GET /v1/networks/{name}/use
  GET /v1/phones
  GET /v1/phones.csv
  GET /v1/phones/counts
  GET /v1/phones/{mac}
  GET /v1/phones/{mac}/boot-log
  GET /v1/phones/{mac}/capture.pcapng
  GET /v1/phones/{mac}/conversion
  GET /v1/phones/{mac}/files
  GET /v1/phones/{mac}/files/{name}
  GET /v1/phones/{mac}/report
  GET /v1/phones/{mac}/timeline
  GET /v1/phones/{mac}/trace
  GET /v1/profiles
  GET /v1/profiles/{name}
  GET /v1/rollouts
  GET /v1/rollouts/{id}
  GET /v1/rollouts/{id}/report
  GET /v1/status
  GET /v1/surveys/{id}
  GET /v1/unknown-devices
  GET /v1/tokens
  GET /v1/webhooks
  GET /v1/webhooks/{id}
  PATCH /v1/phones/{mac}
  PATCH /v1/rollouts/{id}
  PATCH /v1/webhooks/{id}
  POST /v1/firmware
  POST /v1/phones/import
  POST /v1/phones/{mac}/restart
  POST /v1/plans
  POST /v1/reload
  POST /v1/surveys
  POST /v1/tokens
  POST /v1/webhooks
  PUT /v1/files/{name}
  PUT /v1/networks/{name}/owner
  PUT /v1/phones/{mac}
  PUT /v1/phones/{mac}/conversion
  PUT /v1/profiles/{name}
  PUT /v1/rollouts/{id}
`

t.test(
  'OpenAPI 3.1 section 4.8: the document has every route, and every route its answers',
  async (t) => {
    const { app } = await anApi(t)
    const response = await app.inject({ url: '/openapi.json' })
    t.equal(response.statusCode, 200, 'no token is needed')
    const document = response.json()
    t.match(document.openapi, /^3\.1\.\d$/)
    t.same(Object.keys(document.info).filter((key) => ['title', 'version'].includes(key)).length, 2)
    const operations = operationsOf(document)
    t.same(operations.map(({ name }) => name).sort(), EXPECTED.trim().split(/\n\s*/).sort())
    for (const { name, operation } of operations) {
      t.ok(operation.summary, `${name} says what it does`)
      t.ok(operation.operationId, `${name} has a name for generated clients`)
      const responses = Object.entries(operation.responses ?? {})
      t.ok(
        responses.some(([status]) => /^[23]/.test(status)),
        `${name} can succeed`,
      )
      for (const [status, { description, content }] of responses) {
        t.ok(description, `${name} explains ${status}`)
        if (Number(status) >= 400) {
          t.same(Object.keys(content ?? {}), ['application/problem+json'], `${name} ${status}`)
        }
      }
    }
    const ids = operations.map(({ operation }) => operation.operationId)
    t.equal(new Set(ids).size, ids.length, 'operation ids are unique')
  },
)

t.test('OpenAPI 3.1 section 4.8.23: every reference leads somewhere', async (t) => {
  const { app } = await anApi(t)
  const document = (await app.inject({ url: '/openapi.json' })).json()
  const references = referencesIn(document)
  t.ok(references.length > 50, `${references.length} references`)
  for (const reference of new Set(references)) t.ok(resolve(document, reference), reference)
  t.notMatch(JSON.stringify(document.components.schemas.Phone), /"password"/)
})

/** What a validator that is not ours holds the document against: its form, above all (`struct`). */
const RULES = [
  'struct',
  'no-unresolved-refs',
  'spec-components-invalid-map-name',
  'path-parameters-defined',
  'operation-parameters-unique',
  'no-identical-paths',
  'no-enum-type-mismatch',
  'no-empty-servers',
] as const

t.test('OpenAPI 3.1: a validator of others finds nothing wrong', async (t) => {
  const { app } = await anApi(t)
  const { body } = await app.inject({ url: '/openapi.json' })
  const config = await createConfig({
    rules: Object.fromEntries(RULES.map((rule) => [rule, 'error'])),
  })
  const faultsOf = async (source: string) => {
    const found = await lintFromString({ source, absoluteRef: 'openapi.json', config })
    return found.map(({ ruleId, message }) => `${ruleId}: ${message}`)
  }
  t.same(await faultsOf(body), [])
  const broken = body.replace('"in":"path"', '"in":"road"')
  t.match(await faultsOf(broken), [/^struct: .*in/], 'and it would find what is')
})

t.test('OpenAPI 3.1 section 4.8.12: path parameters are those of the path', async (t) => {
  const { app } = await anApi(t)
  const document = (await app.inject({ url: '/openapi.json' })).json()
  for (const { name, path, operation } of operationsOf(document)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    t.same(declared.map((parameter) => parameter.name).sort(), inPath.sort(), name)
    for (const parameter of operation.parameters ?? []) t.ok(parameter.schema, name)
  }
})

t.test('what needs no token says so, and nothing else', async (t) => {
  const { app } = await anApi(t)
  const document = (await app.inject({ url: '/openapi.json' })).json()
  t.same(document.security, [{ token: [] }])
  const free = operationsOf(document).filter(({ operation }) => operation.security?.length === 0)
  t.same(free.map(({ name }) => name).sort(), ['GET /healthz', 'GET /readyz'])
})

t.test('the docs page works offline under the strict policy', async (t) => {
  const { app } = await anApi(t)
  const page = await app.inject({ url: '/docs' })
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], 'text/html')
  t.notMatch(
    page.body,
    /<script|<style|\sstyle=|\son\w+=|https?:\/\//i,
    'nothing inline, nothing from elsewhere',
  )
  const style = await app.inject({ url: '/docs/style.css' })
  t.equal(style.statusCode, 200)
  t.match(style.headers['content-type'], 'text/css')
  t.match(page.body, 'href="/docs/style.css"')
  t.match(page.body, 'PUT /v1/phones/{mac}/conversion')
  const targets = new Set([...page.body.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))
  for (const [, id] of page.body.matchAll(/href="#([^"]*)"/g)) t.ok(targets.has(id), `#${id}`)
  t.ok(targets.has('not-found'), 'the type of a problem leads to its explanation')
})

function operationsOf(document: { paths: Record<string, Record<string, Operation>> }) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  )
}

function referencesIn(node: Json): string[] {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(referencesIn)
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' ? [String(value)] : referencesIn(value),
  )
}

function resolve(document: Json, reference: string): Json | undefined {
  let here: Json | undefined = document
  for (const part of reference.replace(/^#\//, '').split('/')) {
    if (typeof here !== 'object' || here === null || Array.isArray(here)) return undefined
    here = here[part]
  }
  return here
}
