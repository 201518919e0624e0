import t from 'tap'
import { repeatedBoots } from '../../../src/tools/explain/repeated-boots.ts'

const START = 1
const passed = (shapes: readonly number[]) =>
  Array.from(repeatedBoots(Uint32Array.from(shapes), (shape) => shape === START))
const boots = (count: number, ...shapes: readonly number[]) =>
  Array.from({ length: count }, () => [START, ...shapes]).flat()

t.test('of a long run of equal boots the middle is passed over', async (t) => {
  const found = passed(boots(100, 2, 3))
  const followed = found.flatMap((one, at) => (one === 0 ? [Math.floor(at / 3)] : []))
  t.equal(followed.length % 3, 0)
  t.same([...new Set(followed.slice(0, 24))], [0, 1, 2, 3, 4, 5, 6, 7])
  t.ok(followed.length < 200)
  t.equal(followed.at(-1), 99)
  t.ok(followed.length / 3 >= 8 + 48)
})

t.test('boots that differ, and short runs, are followed whole', async (t) => {
  t.notOk(passed(boots(50, 2)).includes(1))
  t.notOk(
    passed(Array.from({ length: 200 }, (_, n) => boots(1, 2 + (n % 2), 9)).flat()).includes(1),
  )
  t.notOk(passed(Array.from({ length: 500 }, () => 5)).includes(1))
  t.same(passed([]), [])
})

t.test('what lies between two runs is followed', async (t) => {
  const found = passed([...boots(100, 2), ...boots(1, 7, 8), ...boots(100, 2)])
  t.same(found.slice(200, 203), [0, 0, 0])
  t.ok(found.slice(0, 200).includes(1))
  t.ok(found.slice(203).includes(1))
})
