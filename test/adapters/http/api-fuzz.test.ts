import t from 'tap'
import { anApi, WITH_TOKEN } from '../../support/an-api.ts'

type Schema = {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly anyOf?: readonly Schema[]
}
type Operation = {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** What no field wants: as JSON texts, because some of them are no values of JavaScript. */
const VALUES = [
  'null',
  'true',
  '0',
  '-1',
  '1e308',
  '-0.5',
  '9007199254740993',
  '""',
  '" "',
  '"\\u0000"',
  '"\\r\\nX-Injected: 1"',
  '"\\ud800"',
  '"../../etc/passwd"',
  '"<script>alert(1)</script>"',
  '"=HYPERLINK(1)"',
  '"%s%n%x"',
  '"constructor"',
  `"${'x'.repeat(10_000)}"`,
  `"${'\\u4e2d'.repeat(300)}"`,
  '[]',
  '[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]',
  `[${Array.from({ length: 2000 }, () => '{}').join()}]`,
  '{}',
  '{"__proto__":{"polluted":true}}',
  '{"\\u005f_proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  'NaN',
] as const

/** Whole bodies that are no JSON, or hardly. */
const BODIES = [
  '',
  '{',
  '[',
  'null',
  '"x"',
  `${'['.repeat(100_000)}`,
  '\u0000',
  '{"a":1,"a":2}',
  '\ufeff{}',
]

const NAMES = [
  '000E84C060A6',
  'ffffffffffff',
  '10.20.0.50',
  'P0S3-8-12-00',
  'constructor',
  '__proto__',
  '%00',
  '%2e%2e%2f',
  '%ff',
  '..',
  '*',
  'a'.repeat(255),
  encodeURIComponent('中'),
  '%0d%0aX-Injected:1',
  '-1',
  ' ',
]

const QUERIES = [
  '',
  '?',
  '?limit=-1',
  '?limit=1e9',
  '?after=9007199254740993',
  '?wait=-1',
  '?mac=zz',
  '?a[b]=c',
  '?__proto__[polluted]=1',
  '?limit=1&limit=2',
]

t.test('whatever is sent, nothing of it is a fault of ours', async (t) => {
  const { app, services, lines } = await anApi(t)
  await services.inventory.putPhone({
    mac: '000E84C060A6',
    lines: [{ name: '1', password: 'Sesame-1201' }],
  } as never)
  const document = app.swagger() as unknown as Document
  const counts = new Map<number, number>()
  const ask = async (method: string, url: string, payload?: string) => {
    const type = payload === undefined ? {} : { 'content-type': 'application/json' }
    const response = await app.inject({
      method: method as 'GET',
      url,
      headers: { ...WITH_TOKEN, ...type },
      ...(payload === undefined ? {} : { payload }),
    })
    const { statusCode } = response
    counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1)
    if (statusCode >= 500) t.fail(`${statusCode}: ${method} ${url} ${payload?.slice(0, 200)}`)
    if ('x-injected' in response.headers) t.fail(`a header was injected: ${method} ${url}`)
    if (response.body.includes('Sesame-1201')) t.fail(`a password came out: ${method} ${url}`)
  }
  for (const { method, path, operation } of operationsOf(document)) {
    if (method === 'get') {
      const urls = path.includes('{') ? NAMES.map((name) => path.replace(/\{\w+\}/g, name)) : [path]
      for (const url of urls) for (const query of QUERIES) await ask('GET', `${url}${query}`)
      continue
    }
    const url = path.replace(/\{\w+\}/g, 'x1').replace('/phones/x1', '/phones/000E84C060A6')
    for (const body of BODIES) await ask(method.toUpperCase(), url, body)
    for (const field of fieldsOf(document, operation)) {
      for (const value of VALUES) await ask(method.toUpperCase(), url, `{"${field}":${value}}`)
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  t.ok(total > 2500, `${total} requests: ${JSON.stringify(Object.fromEntries(counts))}`)
  t.equal(({} as { polluted?: boolean }).polluted, undefined, 'no prototype was reached')
  t.notMatch(lines.join(''), 'Sesame-1201')
  t.notMatch(lines.join(''), '"http.request.failed"')
  const octets = lines.filter((line) => !line.includes('"level":20')).join('').length
  t.comment(`${total} requests, ${Math.round(octets / total)} octets of log for each`)
})

function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      // A stream would not end, and the documents are no fields.
      .filter(([method]) => ['get', 'put', 'post', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => ({ method, path, operation })),
  )
}

/** The names of the outermost fields that a request takes. */
function fieldsOf(document: Document, { requestBody }: Operation): readonly string[] {
  const schema = requestBody?.content['application/json']?.schema
  const found = new Set<string>()
  const look = (one: Schema | undefined): void => {
    if (one === undefined) return
    const name = one.$ref?.split('/').at(-1)
    if (name !== undefined) look(document.components.schemas[name])
    for (const field of Object.keys(one.properties ?? {})) found.add(field)
    for (const branch of one.anyOf ?? []) look(branch)
  }
  look(schema)
  return [...found]
}
