import fc from 'fast-check'
import t from 'tap'
import type { Binding, LeaseChange } from '../../../src/leases/binding.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import { NetworkWrites } from '../../../src/services/ownership/network-writes.ts'

const ADDRESS = 1 as Ipv4

const lease = (client: string, expiresAtMs: number): Binding => ({
  scope: 'voice',
  address: ADDRESS,
  client,
  mac: null,
  state: 'bound',
  grantedAtMs: 0,
  expiresAtMs,
  vendorClass: '',
  hostName: '',
  relayAgent: '',
})
const put = (binding: Binding): LeaseChange => ({ kind: 'put', binding })
const grant = (client: string, expiresAtMs: number) => put(lease(client, expiresAtMs))
const release = (client: string) => put({ ...lease(client, 0), state: 'released' })
const remove = (): LeaseChange => ({ kind: 'delete', scope: 'voice', address: ADDRESS })

/** The writes of a network whose address 1 was promised to client `a` until 1000. */
function promised(): NetworkWrites {
  const writes = new NetworkWrites()
  writes.load([lease('a', 1000), { ...lease('b', 1000), address: 2 as Ipv4, state: 'released' }])
  return writes
}

/** A write of it whose outcome is not known. */
function failed(writes: NetworkWrites, change: LeaseChange): void {
  writes.wait(change)
  writes.send(change)
  writes.fail(change)
}

const RENEWED = lease('a', 2000)

t.test('the promise before a write is repeated until the earlier of both ends', async (t) => {
  const writes = promised()
  t.equal(writes.promiseOf(RENEWED), RENEWED, 'stored as it is')
  const renewal = put(RENEWED)
  writes.wait(renewal)
  t.same(writes.promiseOf(RENEWED), lease('a', 1000), 'while it waits')
  writes.send(renewal)
  t.same(writes.promiseOf(RENEWED), lease('a', 1000), 'while it is under way')
  writes.fail(renewal)
  t.same(writes.promiseOf(RENEWED), lease('a', 1000), 'when it has failed')
  failed(writes, grant('a', 500))
  t.same(writes.promiseOf(RENEWED), lease('a', 500), 'a shorter one may be stored')
  failed(writes, grant('a', 3000))
  t.same(writes.promiseOf(RENEWED), lease('a', 500), 'and still may')
  const stored = grant('a', 4000)
  writes.send(stored)
  writes.succeed(stored)
  t.ok(writes.isStored(ADDRESS))
  t.same(writes.owed(), [])
})

t.test('a write that can have ended the lease ends the promise', async (t) => {
  for (const change of [release('a'), remove(), grant('b', 5000)]) {
    const writes = promised()
    writes.wait(change)
    t.equal(writes.promiseOf(RENEWED), undefined)
    writes.send(change)
    writes.fail(change)
    failed(writes, put(RENEWED))
    t.equal(writes.promiseOf(RENEWED), undefined, 'whatever came after it')
    t.same(writes.owed(), [put(RENEWED)])
    const [owed] = writes.owed()
    if (owed !== undefined) writes.send(owed)
    t.same(writes.owed(), [], 'it is under way')
    if (owed !== undefined) writes.succeed(owed)
    t.equal(writes.promiseOf(RENEWED), RENEWED)
  }
})

t.test('a first lease that was not stored is no promise', async (t) => {
  const writes = new NetworkWrites()
  failed(writes, put(RENEWED))
  t.equal(writes.promiseOf(RENEWED), undefined)
  const again = put(RENEWED)
  writes.wait(again)
  t.same(writes.owed(), [], 'the later change takes its place')
  writes.send(again)
  const third = grant('a', 3000)
  writes.wait(third)
  writes.succeed(again)
  t.same(writes.promiseOf(lease('a', 3000)), RENEWED, 'the answered one is one')
  writes.send(third)
  writes.succeed(third)
  writes.send(release('a'))
  t.equal(writes.promiseOf(lease('a', 3000)), undefined)
})

t.test('an operator’s change goes before what waits, and breaks the promise', async (t) => {
  const writes = promised()
  const renewal = put(RENEWED)
  writes.wait(renewal)
  const freed = remove()
  writes.send(freed)
  writes.succeed(freed)
  t.notOk(writes.isStored(ADDRESS), 'the renewal has not been sent yet')
  t.equal(writes.promiseOf(RENEWED), undefined)
  writes.send(renewal)
  writes.succeed(renewal)
  t.equal(writes.promiseOf(RENEWED), RENEWED)

  const again = remove()
  writes.send(again)
  writes.failOnce(again, RENEWED)
  t.same(writes.owed(), [put(RENEWED)], 'what the table has')
  t.equal(writes.promiseOf(RENEWED), undefined, 'though it may be gone')
  const third = remove()
  writes.send(third)
  writes.failOnce(third, undefined)
  t.same(writes.owed(), [put(RENEWED)])
  writes.failOnce(third, undefined)
  writes.fail(third)
  writes.succeed(third)
  t.same(writes.owed(), [put(RENEWED)], 'a change that is not under way says nothing')
})

t.test('what was under way when a network was lost says nothing of it afterwards', async (t) => {
  const writes = promised()
  failed(writes, put(RENEWED))
  const [first, second] = [grant('a', 3000), grant('a', 4000)]
  writes.send(first)
  writes.wait(second)
  writes.forget()
  t.notOk(writes.isStored(ADDRESS), 'their turn comes all the same')
  t.equal(writes.promiseOf(RENEWED), undefined)
  writes.load([lease('a', 1000)])
  writes.fail(first)
  t.same(writes.owed(), [])
  writes.send(second)
  writes.succeed(second)
  t.ok(writes.isStored(ADDRESS))
  writes.wait(put(RENEWED))
  t.same(writes.promiseOf(RENEWED), lease('a', 1000), 'what was read')
})

/** What the property does next. */
type Step =
  | { readonly kind: 'decide' | 'operator'; readonly change: LeaseChange }
  | { readonly kind: 'send' | 'make' | 'answer' }

type Group = {
  readonly changes: readonly LeaseChange[]
  readonly isOnce: boolean
  readonly outcome: 'stored' | 'unknown-stored' | 'unknown-not'
  isMade: boolean
}

/** A table, its writes, and the row that the database has in truth; groups are made in their order. */
class Model {
  readonly writes = new NetworkWrites()
  record: Binding | null = null
  row: Binding | null = null
  #waiting: LeaseChange[] = []
  #sent: Group[] = []

  run(step: Step, outcome: Group['outcome']): void {
    switch (step.kind) {
      case 'decide':
        this.record = step.change.kind === 'put' ? step.change.binding : null
        this.writes.wait(step.change)
        this.#waiting.push(step.change)
        break
      case 'operator':
        this.writes.send(step.change)
        this.#sent.push({ changes: [step.change], isOnce: true, outcome, isMade: false })
        break
      case 'send':
        this.#send(outcome)
        break
      case 'make':
        this.#make(this.#sent.find(({ isMade }) => !isMade))
        break
      case 'answer':
        this.#answer()
        break
      default:
        step satisfies never
    }
  }

  #send(outcome: Group['outcome']): void {
    if (this.#waiting.length === 0) return
    for (const change of this.#waiting) this.writes.send(change)
    const owed = this.writes.owed()
    for (const change of owed) this.writes.send(change)
    const changes = [...owed, ...this.#waiting]
    this.#waiting = []
    this.#sent.push({ changes, isOnce: false, outcome, isMade: false })
  }

  #make(group: Group | undefined): void {
    if (group === undefined || group.isMade) return
    group.isMade = true
    const last = group.changes.at(-1)
    if (group.outcome === 'unknown-not' || last === undefined) return
    this.row = last.kind === 'put' ? last.binding : null
  }

  #answer(): void {
    const group = this.#sent.shift()
    if (group === undefined) return
    this.#make(group)
    for (const change of group.changes) {
      if (group.outcome === 'stored') this.writes.succeed(change)
      else if (group.isOnce) this.writes.failOnce(change, this.record ?? undefined)
      else this.writes.fail(change)
    }
    if (group.outcome === 'stored' && group.isOnce) this.record = null
  }
}

const aChange = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 }).map((end) => grant('a', end)) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }).map((end) => grant('b', end)) },
  fc.constantFrom('a', 'b').map(release),
  fc.constant(null).map(remove),
)
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: aChange.map((change) => ({ kind: 'decide', change }) as const) },
  {
    weight: 1,
    arbitrary: fc.constant(null).map(() => ({ kind: 'operator', change: remove() }) as const),
  },
  {
    weight: 9,
    arbitrary: fc.constantFrom('send' as const, 'make' as const, 'answer' as const).map((kind) => ({
      kind,
    })),
  },
)
const anOutcome = fc.constantFrom(
  'stored' as const,
  'unknown-stored' as const,
  'unknown-not' as const,
)

t.test('whatever a failed write has done, a repeated lease is one that the row has', async (t) => {
  let promises = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(aStep, anOutcome), { maxLength: 40, size: 'max' }), (steps) => {
      const model = new Model()
      let promise: Binding | null = null
      for (const [step, outcome] of steps) {
        model.run(step, outcome)
        // Nobody decides anything while an owner is cut off: what it says then must stay true.
        if (step.kind === 'decide' || step.kind === 'operator') promise = null
        const { record, row } = model
        if (record?.state === 'bound') promise = model.writes.promiseOf(record) ?? promise
        if (promise === null) continue
        promises += 1
        const isHeld = row?.state === 'bound' && row.client === promise.client
        if (!isHeld || row.expiresAtMs < promise.expiresAtMs) {
          throw new Error(
            `${JSON.stringify(promise)} is repeated, and stored is ${JSON.stringify(row)}`,
          )
        }
      }
    }),
    { numRuns: 2000 },
  )
  t.ok(promises > 1000, `${promises} promises`)
})
