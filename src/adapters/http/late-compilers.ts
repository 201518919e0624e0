import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import type { Api } from './api.ts'

/**
 * Has the schema of a request or an answer compiled when the first of them comes. There are several
 * hundred; to compile all of them took a quarter of a start, and an appliance needs a few.
 */
export function compileLate(app: Api): void {
  app.setValidatorCompiler(validatorFor)
  app.setSerializerCompiler(serializerFor)
}

const validatorFor: FastifySchemaCompiler<TSchema> = (route) => {
  const validate = once(() => TypeBoxValidatorCompiler(route))
  return (value) => validate()(value)
}

const compileSerializer = SerializerSelector()({}, {})

const serializerFor: FastifySerializerCompiler<unknown> = (route) => {
  const serialize = once(() => compileSerializer(route as never))
  return (answer) => serialize()(answer)
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => {
    made ??= make()
    return made
  }
}
