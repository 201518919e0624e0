import { PROBLEM_KINDS } from './problem.ts'

/** The parts of an OpenAPI document that the page shows. */
type Document = {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
  readonly paths?: Readonly<Record<string, unknown>>
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> }
}

type Operation = {
  readonly tags?: readonly string[]
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly security?: readonly unknown[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly description?: string
    readonly schema?: Schema
  }[]
  readonly requestBody?: { readonly content?: Content }
  readonly responses?: Readonly<
    Record<string, { readonly description?: string; readonly content?: Content }>
  >
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly patternProperties?: Readonly<Record<string, Schema>>
}

/**
 * The documentation as one HTML page: no script, nothing from elsewhere, so that it reads on an
 * isolated network and under a strict content security policy.
 */
export function docsPage(document: Document): string {
  const { info, tags = [], paths = {}, components = {} } = document
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  )
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags?.includes(name))
    return `<section><h2 id="${text(name)}">${text(name)}</h2><p>${text(description)}</p>
${own.map(operationPart).join('\n')}</section>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)} API ${text(info.version)}</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><h1>${text(info.title)} API ${text(info.version)}</h1>
<p>${text(info.description)} The same for programs: <a href="/openapi.json">openapi.json</a>.</p>
<p>Send the token as <code>Authorization: Bearer TOKEN</code>. Errors are problem details (RFC 9457).</p>
<nav><ul>${tags.map(({ name }) => `<li><a href="#${text(name)}">${text(name)}</a></li>`).join('')}
<li><a href="#schemas">schemas</a></li><li><a href="#problems">problems</a></li></ul></nav></header>
<main>
${sections.join('\n')}
${schemaSection(components.schemas ?? {})}
${problemSection()}
</main>
</body>
</html>
`
}

function operationPart({
  path,
  method,
  operation,
}: {
  path: string
  method: string
  operation: Operation
}) {
  const { parameters = [], requestBody, responses = {} } = operation
  const rows = parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${text(name)}</code></td><td>${text(place)}${required ? ', required' : ''}</td>
<td>${typeOf(schema)}</td><td>${text(description)}</td></tr>`,
  )
  const answers = Object.entries(responses).map(
    ([status, { description, content }]) =>
      `<tr><td>${text(status)}</td><td>${contentPart(content)}</td><td>${text(description)}</td></tr>`,
  )
  const free = operation.security?.length === 0 ? ' <em>no token</em>' : ''
  return `<article id="${text(operation.operationId)}">
<h3><code>${text(method.toUpperCase())} ${text(path)}</code>${free}</h3>
<p>${text(operation.summary)}. ${text(operation.description)}</p>
${table('Parameters', rows)}
${requestBody === undefined ? '' : `<p>Body: ${contentPart(requestBody.content)}</p>`}
${table('Answers', answers)}
</article>`
}

function contentPart(content: Content | undefined): string {
  const parts = Object.entries(content ?? {}).map(
    ([mediaType, { schema }]) => `<code>${text(mediaType)}</code> ${typeOf(schema)}`,
  )
  return parts.join('<br>')
}

function schemaSection(schemas: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(schemas as Record<string, Schema>).map(([name, schema]) => {
    const rows = Object.entries(schema.properties ?? {}).map(
      ([property, value]) =>
        `<tr><td><code>${text(property)}</code></td>
<td>${schema.required?.includes(property) ? 'required' : 'optional'}</td>
<td>${typeOf(value)}</td><td>${text(value.description)}</td></tr>`,
    )
    return `<article><h3 id="schema-${text(name)}">${text(name)}</h3><p>${text(schema.description)}</p>
${table('Fields', rows)}</article>`
  })
  return `<section><h2 id="schemas">schemas</h2>${parts.join('\n')}</section>`
}

/** Where the `type` of every problem detail leads. */
function problemSection(): string {
  const rows = Object.entries(PROBLEM_KINDS).map(
    ([kind, { status, title }]) =>
      `<tr id="${kind}"><td><code>${kind}</code></td><td>${status}</td><td>${text(title)}</td></tr>`,
  )
  return `<section><h2 id="problems">problems</h2>${table('Types', rows)}</section>`
}

function table(caption: string, rows: readonly string[]): string {
  if (rows.length === 0) return ''
  return `<table><caption>${text(caption)}</caption><tbody>${rows.join('\n')}</tbody></table>`
}

function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return ''
  const name = schema.$ref?.split('/').at(-1)
  if (name !== undefined) return `<a href="#schema-${text(name)}">${text(name)}</a>`
  if (schema.enum !== undefined)
    return schema.enum.map((value) => text(JSON.stringify(value))).join(', ')
  if (schema.items !== undefined) return `array of ${typeOf(schema.items)}`
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length > 0) {
    return `{ ${fields.map(([field, value]) => `${text(field)}: ${typeOf(value)}`).join(', ')} }`
  }
  return text([schema.type ?? 'any'].flat().join(' or '))
}

function text(value: string | undefined): string {
  return (value ?? '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** The page's stylesheet. */
export const DOCS_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 68rem; padding: 1rem }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem 1rem; list-style: none; padding: 0 }
article { border-top: 1px solid #8886; margin-top: 1.5rem }
h3 code { overflow-wrap: anywhere }
table { border-collapse: collapse; display: block; margin: .5rem 0; overflow-x: auto }
caption { text-align: left; font-weight: 600 }
td { border-top: 1px solid #8883; padding: .25rem .75rem .25rem 0; vertical-align: top }
tr:target, :target > code { background: #fd08 }
`
