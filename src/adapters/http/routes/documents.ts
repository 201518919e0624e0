import type { Api } from '../api.ts'
import { DOCS_STYLE, docsPage } from '../docs-page.ts'

const config = { public: true }

/** `/openapi.json` and `/docs`: how to use the API; public, because they say nothing of its content. */
export function documentRoutes(app: Api): void {
  let page: string | undefined
  app.get('/openapi.json', { config, schema: { hide: true } }, (_request, reply) => {
    return reply.type('application/json').send(JSON.stringify(app.swagger()))
  })
  app.get('/docs', { config, schema: { hide: true } }, (_request, reply) => {
    page ??= docsPage(app.swagger())
    return reply.type('text/html; charset=utf-8').send(page)
  })
  app.get('/docs/style.css', { config, schema: { hide: true } }, (_request, reply) => {
    return reply.type('text/css; charset=utf-8').send(DOCS_STYLE)
  })
}
