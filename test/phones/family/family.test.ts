import t from 'tap'
import { family, isPhoneModel, PHONE_MODELS } from '../../../src/phones/family/family.ts'

t.test('a model is one of the family, or none', async (t) => {
  for (const model of PHONE_MODELS) t.ok(isPhoneModel(model), model)
  for (const model of ['', '7941', '7940G', '79']) t.notOk(isPhoneModel(model), model)
})

t.test(
  'models have a number of their own, and one of them stands for an unknown one',
  async (t) => {
    const numbers = family.models.map(({ loadNumber }) => loadNumber)
    t.equal(new Set(numbers).size, numbers.length)
    t.ok(PHONE_MODELS.includes(family.unknownModel))
  },
)

t.test('each known and each recommended load is one of the family', async (t) => {
  for (const { load } of [...family.loads.known, ...family.loads.recommended]) {
    t.equal(family.loads.read(load)?.shipped, load)
    t.match(load, family.loads.begin)
  }
})
