import t from 'tap'
import { lookAtDatabase, lookAtNetworks, lookAtPostgres } from '../../src/services/looks.ts'
import { ipOf } from '../support/an-inventory.ts'
import { aConfiguration, settingsOf } from '../support/configuration.ts'

t.test('a database that cannot be written to is a problem of its file', async (t) => {
  let fault: string | null = null
  const look = lookAtDatabase({ file: '/data/switchhook.db', fault: async () => fault })
  t.same(await look(), { name: 'database', detail: 'writable', problems: [] })
  fault = 'the disk is full'
  const problems = [{ where: '/data/switchhook.db', message: 'the disk is full' }]
  t.match(await look(), { problems })
})

t.test('a network that is left to another server is a problem, and says to whom', async (t) => {
  const { networks } = settingsOf(aConfiguration())
  let refusal: 'looking' | 'other-server' | null = 'looking'
  let others: { address: ReturnType<typeof ipOf>; firstSeenAtMs: number; lastSeenAtMs: number }[] =
    []
  const look = lookAtNetworks(() => networks, {
    refusalOn: () => refusal,
    rogueServersOn: () => others,
  })
  const name = networks[0]?.name ?? ''
  const notServed = `network ${name} is not served: `
  t.match(await look(), {
    problems: [{ where: name, message: `${notServed}the search for other DHCP servers on this` }],
  })
  refusal = 'other-server'
  others = [{ address: ipOf('10.20.0.254'), firstSeenAtMs: 0, lastSeenAtMs: 0 }]
  t.match(await look(), {
    problems: [{ message: /another DHCP server answers on this network \(10\.20\.0\.254\)$/ }],
  })
  refusal = null
  t.match(await look(), { name: 'networks', problems: [] })
})

t.test('PostgreSQL is a problem where it is away, and where it stores nothing', async (t) => {
  let fault: string | null = null
  let unsent: string | null = null
  const look = lookAtPostgres({ fault: () => fault, unsent: () => unsent })
  t.same(await look(), { name: 'postgres', detail: 'reachable', problems: [] })
  unsent = 'could not extend file'
  t.match(await look(), {
    problems: [{ message: /does not store the conversions and roll-outs.*could not extend file/ }],
  })
  fault = 'no answer'
  const { problems } = await look()
  t.match(problems, [{ where: 'database.postgres', message: /cannot be used: no answer/ }])
  t.equal(problems.length, 1)
})
