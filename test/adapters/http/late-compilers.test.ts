import Fastify from 'fastify'
import t from 'tap'
import Type from 'typebox'
import { compileLate } from '../../../src/adapters/http/late-compilers.ts'

t.test('a schema is compiled when the first request comes, and then kept', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  compileLate(app as never)
  const seen: string[] = []
  // Compiling a schema reads its properties.
  const watched = (name: string, schema: object) =>
    new Proxy(schema, {
      get: (target, key) => {
        if (key === 'properties') seen.push(name)
        return Reflect.get(target, key)
      },
    })
  const number = Type.Object({ number: Type.Integer() })
  app.post(
    '/',
    { schema: { body: watched('body', number), response: { 200: watched('answer', number) } } },
    async ({ body }) => ({ ...(body as object), secret: 1 }),
  )
  await app.ready()
  const readAtStart = seen.length
  const post = (payload: object) => app.inject({ method: 'POST', url: '/', payload })
  t.equal((await post({ number: 'x' })).statusCode, 400)
  t.ok(seen.includes('body'))
  t.same((await post({ number: 1 })).json(), { number: 1 }, 'and nothing that the schema lacks')
  t.ok(seen.length > readAtStart)
  const read = seen.length
  t.same((await post({ number: 2 })).json(), { number: 2 })
  t.equal(seen.length, read, 'nothing is compiled again')
})
