import t from 'tap'
import { type FirmwareName, parseFirmwareName } from '../../src/phones/firmware-name.ts'
import { findRoute, type PathNode } from '../../src/phones/plan-route.ts'

function nameOf(text: string): FirmwareName {
  const parsed = parseFirmwareName(text)
  if (parsed.kind === 'bad') throw new Error(`${text} ${parsed.fault}`)
  return parsed.name
}

function aNode(text: string, more: Partial<PathNode> = {}): PathNode {
  return { name: nameOf(text), available: true, recommended: false, ...more }
}

function route(
  from: string,
  to: string,
  nodes: readonly PathNode[],
): readonly string[] | undefined {
  const ends = { origin: nameOf(from), goal: nameOf(to), path: 'cautious' } as const
  return findRoute(ends, nodes, [])?.map(({ node }) => node.name.text)
}

t.test('of stops that serve alike the better one is taken', async (t) => {
  const goal = aNode('P0S3-8-12-00')
  const cases = [
    {
      why: 'what is available before what is recommended',
      nodes: [
        goal,
        aNode('P0S3-07-4-00', { available: false, recommended: true }),
        aNode('P0S3-07-1-00'),
      ],
      through: 'P0S3-07-1-00',
    },
    {
      why: 'what is recommended before what is newer',
      nodes: [goal, aNode('P0S3-07-5-00'), aNode('P0S3-07-4-00', { recommended: true })],
      through: 'P0S3-07-4-00',
    },
    {
      why: 'what is newer',
      nodes: [goal, aNode('P0S3-07-1-00'), aNode('P0S3-07-5-00'), aNode('P0S3-07-2-00')],
      through: 'P0S3-07-5-00',
    },
  ]
  for (const { why, nodes, through } of cases) {
    t.same(route('P0S3-06-3-00', 'P0S3-8-12-00', nodes), [through, 'P0S3-8-12-00'], why)
  }
})

t.test('a stop on the other protocol is a detour', async (t) => {
  const nodes = [
    aNode('P0S3-8-12-00'),
    aNode('P00307020300', { recommended: true }),
    aNode('P0S3-07-1-00'),
  ]
  t.same(route('P00305000200', 'P0S3-8-12-00', nodes), ['P0S3-07-1-00', 'P0S3-8-12-00'])
})

t.test('no way is no route', async (t) => {
  t.equal(route('P0S3-05-3-00', 'P00308000500', [aNode('P00308000500')]), undefined)
  t.equal(route('P0S3-05-3-00', 'P00308000500', []), undefined)
})

t.test('two hundred sets available are planned in an instant', async (t) => {
  const nodes = Array.from({ length: 99 }, (_, minor) => aNode(`P0S3-07-${minor}-00`))
  const more = Array.from({ length: 99 }, (_, minor) => aNode(`P0S3-06-${minor}-00`))
  const goal = aNode('P0S3-8-12-00')
  t.equal(route('P0S3-05-3-00', 'P0S3-8-12-00', [goal, ...nodes, ...more])?.length, 3)
})
