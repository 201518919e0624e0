import t from 'tap'
import { TOKEN_SECRETS } from '../../../appliance/start/tokens.ts'
import { MOST_TOKENS, type StoredToken, Tokens } from '../../../src/services/access/tokens.ts'

function someTokens(stored: readonly StoredToken[] = []) {
  const saved = new Map<string, StoredToken | null>()
  const clock = { nowMs: 1_000 }
  const disk = { fault: null as Error | null }
  const store = {
    load: async () => ({ tokens: [], faults: [] }),
    save: async (changes: ReadonlyMap<string, StoredToken | null>) => {
      if (disk.fault !== null) throw disk.fault
      for (const [name, token] of changes) saved.set(name, token)
    },
  }
  const parts = { store, secrets: TOKEN_SECRETS, nowMs: () => clock.nowMs }
  return { tokens: new Tokens(parts, stored), saved, clock, disk }
}

async function created(tokens: Tokens, name: string, role: 'read' | 'operator' = 'read') {
  const outcome = await tokens.create(name, role)
  if (outcome.kind !== 'created') throw new Error(outcome.kind)
  return outcome
}

t.test('a token has 256 random bits, and only its digest is stored', async (t) => {
  const { tokens, saved } = someTokens()
  const [one, two] = [await created(tokens, 'one'), await created(tokens, 'two')]
  t.match(one.secret, /^swh_[A-Za-z0-9_-]{43}$/)
  t.not(one.secret, two.secret)
  t.notMatch(JSON.stringify([...saved]), one.secret.slice(4))
  t.match(saved.get('one'), {
    name: 'one',
    role: 'read',
    createdAtMs: 1_000,
    digest: /^[0-9a-f]{64}$/,
  })
  t.notMatch(JSON.stringify(tokens.list()), one.secret.slice(4))
})

t.test('it is found by itself alone, after a restart as well', async (t) => {
  const { tokens, saved } = someTokens()
  const { secret } = await created(tokens, 'one', 'operator')
  const again = someTokens([...saved.values()].flatMap((token) => token ?? [])).tokens
  for (const each of [tokens, again]) {
    t.match(each.find(secret), { name: 'one', role: 'operator' })
    for (const wrong of ['', secret.slice(0, -1), `${secret}x`, secret.toUpperCase()]) {
      t.equal(each.find(wrong), undefined, wrong)
    }
  }
})

t.test('they are listed by name, with their last use', async (t) => {
  const { tokens, clock } = someTokens()
  await created(tokens, 'b')
  const { secret } = await created(tokens, 'a')
  await created(tokens, 'c')
  clock.nowMs = 5_000
  tokens.find(secret)
  t.same(
    tokens.list().map(({ name, lastUsedAtMs }) => [name, lastUsedAtMs]),
    [
      ['a', 5_000],
      ['b', null],
      ['c', null],
    ],
  )
})

t.test('a name is given once, also to two that ask at the same time', async (t) => {
  const { tokens } = someTokens()
  const kinds = await Promise.all([tokens.create('one', 'read'), tokens.create('one', 'operator')])
  t.same(
    kinds.map(({ kind }) => kind),
    ['created', 'exists'],
  )
  t.equal((await tokens.create('one', 'read')).kind, 'exists')
})

t.test('their number is bounded', async (t) => {
  const { tokens } = someTokens()
  for (let number = 1; number <= MOST_TOKENS; number++) await created(tokens, `token-${number}`)
  t.equal((await tokens.create('one-more', 'read')).kind, 'full')
  await tokens.delete('token-1')
  t.equal((await tokens.create('one-more', 'read')).kind, 'created')
})

t.test('a deleted token opens nothing any more, and observers are notified', async (t) => {
  const { tokens, saved } = someTokens()
  const { secret } = await created(tokens, 'one')
  const reported: string[] = []
  const leave = tokens.onDeleted((name) => reported.push(name))
  t.same(await tokens.delete('one'), { kind: 'deleted' })
  t.equal(tokens.find(secret), undefined)
  t.same([tokens.list(), saved.get('one'), reported], [[], null, ['one']])
  t.same(await tokens.delete('one'), { kind: 'not-found' })
  leave()
  await created(tokens, 'one')
  await tokens.delete('one')
  t.same(reported, ['one'])
})

t.test('a disk that refuses leaves no new token, and a deleted one stays refused', async (t) => {
  const { tokens, disk } = someTokens()
  const { secret } = await created(tokens, 'one')
  disk.fault = new Error('disk full')
  await t.rejects(tokens.create('two', 'read'), /disk full/)
  await t.rejects(tokens.delete('one'), /disk full/)
  t.equal(tokens.find(secret), undefined)
  t.same(
    tokens.list().map(({ name }) => name),
    ['one'],
    'it is there to be deleted again',
  )
  disk.fault = null
  t.same(await tokens.delete('one'), { kind: 'deleted' })
  t.equal((await tokens.create('two', 'read')).kind, 'created', 'the name is free')
})
