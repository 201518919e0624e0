import t from 'tap'
import Type from 'typebox'
import { ScenarioFile } from '../../src/settings/scenario-schema.ts'
import { Configuration } from '../../src/settings/schema.ts'

/** Every part of a schema, with its path. */
function* partsOf(schema: Type.TSchema, path: string): Generator<[string, Type.TSchema]> {
  yield [path, schema]
  if (Type.IsObject(schema)) {
    for (const [key, part] of Object.entries(schema.properties))
      yield* partsOf(part, `${path}.${key}`)
  }
  if (Type.IsArray(schema)) yield* partsOf(schema.items, `${path}[]`)
  if (Type.IsUnion(schema) && 'chosenBy' in schema) {
    for (const part of schema.anyOf) yield* partsOf(part, path)
  }
}

t.test('every key says what it wants', async (t) => {
  const parts = [...partsOf(Configuration, ''), ...partsOf(ScenarioFile, 'scenario')]
  t.ok(parts.length > 50)
  for (const [path, schema] of parts) t.match(schema, { wanted: /\w/ }, path)
})

t.test('no object lets an unknown key through', async (t) => {
  for (const [path, schema] of [
    ...partsOf(Configuration, ''),
    ...partsOf(ScenarioFile, 'scenario'),
  ]) {
    if (Type.IsObject(schema)) t.match(schema, { additionalProperties: false }, path)
  }
})
