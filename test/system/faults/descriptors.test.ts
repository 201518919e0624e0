import { readdirSync } from 'node:fs'
import t from 'tap'
import { idleConnections } from '../../support/idle-connections.ts'
import { putSharedFile } from '../support/a-shared-file.ts'
import { LockstepClient } from '../support/lockstep-client.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'

t.setTimeout(300_000)

/** Fewer than the connections that the API takes; it starts with some fifty. */
const DESCRIPTORS = 300
/** More transfers than all sockets are used for, so that new ones are wanted. */
const TRANSFERS = 80 * 16

t.test('no descriptor is left: phones are served, and the API comes back by itself', async (t) => {
  const bench = await aLoopbackBench(t, {
    loads: [],
    admit: 'anyone',
    before: ['prlimit', `--nofile=${DESCRIPTORS}:${DESCRIPTORS}`],
  })
  const { appliance, apiUrl, dhcpPort, tftpPort } = bench
  await putSharedFile(apiUrl, 'ringer.raw', 700)
  const clients = await LoopbackClients.behindRelay(t, dhcpPort)
  const reader = await LockstepClient.open(t, tftpPort)

  // From several clients: one alone has its share, which is not all of them.
  const from = (index: number) => `127.0.0.${2 + (index % 5)}`
  const connections = await idleConnections(t, Number(new URL(apiUrl).port), DESCRIPTORS, from)
  const opened = readdirSync(`/proc/${appliance.pid}/fd`)
  t.equal(opened.length, DESCRIPTORS, 'every one is used up')
  t.ok(connections.held() < DESCRIPTORS, 'and some connections found none')
  t.equal(await clients.lease('02000000aa01'), '127.84.0.50')
  let whole = 0
  for (let transfer = 0; transfer < TRANSFERS; transfer++) {
    reader.ask('ringer.raw')
    if ((await reader.finish(await reader.next())) === 700) whole++
  }
  t.equal(whole, TRANSFERS, 'on the sockets that are open')
  t.ok(await appliance.printed('EMFILE'), 'the log says what is missing')
  t.ok(appliance.output.split('"socket.failed"').length < 10, 'without filling the disk')

  connections.end()
  const { status } = await fetch(`${apiUrl}/healthz`)
  t.equal(status, 200)
  t.equal(await clients.lease('02000000aa02'), '127.84.0.51')
})
