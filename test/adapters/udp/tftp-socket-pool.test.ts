import t from 'tap'
import { TftpSocketPool } from '../../../src/adapters/udp/tftp-socket-pool.ts'
import type { UdpSocket } from '../../../src/adapters/udp/udp-socket.ts'
import { CLIENT, OTHER_CLIENT } from '../../support/tftp-lab.ts'

/** Sockets that are only remembered. */
class Sockets {
  readonly open = new Set<number>()
  readonly faults: unknown[] = []
  fails = false
  readonly pool = new TftpSocketPool(
    async () => this.#one(),
    (fault) => this.faults.push(fault),
  )
  #next = 1

  #one() {
    if (this.fails) throw new Error('EMFILE')
    const channel = this.#next++
    this.open.add(channel)
    const close = () => void this.open.delete(channel)
    const isBound = () => this.open.has(channel)
    const socket: UdpSocket = { port: channel, isBound, sendBlocks() {}, sendPacket() {}, close }
    return { channel, socket }
  }
}

t.test('RFC 1350 section 4: no two running transfers of a client share a port', async (t) => {
  const { pool } = await filled(16)
  const taken = Array.from({ length: 16 }, () => pool.take(0, CLIENT))
  t.equal(new Set(taken).size, 16)
  t.ok(pool.socketOf(pool.take(0, OTHER_CLIENT)), 'another client finds room')
  t.ok(taken.includes(pool.take(0, CLIENT)), 'beyond that ports are shared')
})

t.test('ports do not come twice in a row, nor in a known order', async (t) => {
  const { pool } = await filled(16)
  const orders = new Set<string>()
  for (let round = 0; round < 20; round++) {
    const order = Array.from({ length: 3 }, () => {
      const channel = pool.take(0, CLIENT)
      pool.giveBack(channel, CLIENT)
      return channel
    })
    t.equal(new Set(order).size, 3)
    orders.add(order.join())
  }
  t.ok(orders.size > 1)
})

t.test(
  'a socket is replaced after a number of transfers, and closed with its last one',
  async (t) => {
    const { pool, open } = await filled(1)
    const first = pool.take(0, CLIENT)
    for (let transfer = 1; transfer < 64; transfer++) {
      t.equal(pool.take(0, OTHER_CLIENT), first)
      pool.giveBack(first, OTHER_CLIENT)
    }
    await settled()
    const second = pool.take(0, CLIENT)
    t.not(second, first)
    t.same([...open], [first, second], 'the transfer on it goes on')
    pool.giveBack(first, CLIENT)
    t.same([...open], [second])
    t.equal(pool.socketOf(first), undefined)
    pool.giveBack(first, CLIENT)
  },
)

t.test('a socket that cannot be replaced goes on, and that is told', async (t) => {
  const sockets = await filled(1)
  sockets.fails = true
  const transfer = () => sockets.pool.giveBack(sockets.pool.take(0, CLIENT), CLIENT)
  for (let count = 0; count < 64; count++) transfer()
  await settled()
  t.match(sockets.faults, [{ message: 'EMFILE' }])
  sockets.fails = false
  for (let count = 0; count < 64; count++) transfer()
  await settled()
  t.same([...sockets.open], [2], 'tried again after as many transfers')
})

t.test('two transfers of a client on one socket end one by one', async (t) => {
  const { pool, open } = await filled(1)
  const channel = pool.take(0, CLIENT)
  pool.take(0, CLIENT)
  for (let count = 2; count < 64; count++) pool.giveBack(pool.take(0, OTHER_CLIENT), OTHER_CLIENT)
  await settled()
  pool.giveBack(channel, CLIENT)
  t.equal(open.has(channel), true)
  pool.giveBack(channel, CLIENT)
  t.equal(open.has(channel), false)
})

t.test(
  'each listener has its own sockets; closing closes all, and those that open late',
  async (t) => {
    const sockets = await filled(2)
    await sockets.pool.fill(1, 2)
    const ours = new Set([sockets.pool.take(0, CLIENT), sockets.pool.take(0, CLIENT)])
    t.equal(ours.has(sockets.pool.forReply(1)), false)
    t.equal(ours.has(sockets.pool.forReply(0)), true)
    const late = sockets.pool.fill(0, 1)
    sockets.pool.close()
    await late
    t.equal(sockets.open.size, 0)
  },
)

t.test('a pool that cannot be filled says why and keeps what it has for closing', async (t) => {
  const sockets = await filled(1)
  sockets.fails = true
  await t.rejects(sockets.pool.fill(0, 1), { message: 'EMFILE' })
  sockets.pool.close()
  t.equal(sockets.open.size, 0)
})

async function filled(count: number): Promise<Sockets> {
  const sockets = new Sockets()
  await sockets.pool.fill(0, count)
  return sockets
}

/** Lets sockets that are being opened get open. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

t.test('a socket that the system has no more is missed, and another takes its place', async (t) => {
  const { pool, open } = await filled(2)
  t.equal(pool.lost, 0)
  const taken = pool.take(0, CLIENT)
  open.clear()
  t.equal(pool.lost, 2)
  pool.replaceLost()
  await settled()
  pool.replaceLost()
  t.equal(pool.lost, 0)
  t.equal(open.size, 2)
  t.not(pool.take(0, OTHER_CLIENT), taken)
  t.equal(pool.socketOf(taken), undefined, 'what ran on it is lost')
  pool.giveBack(taken, CLIENT)
})
