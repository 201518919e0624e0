import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from '../support/source-files.ts'
import { aLink, SERVER } from './support/a-link.ts'
import { testWith } from './support/test-with.ts'

const MAC = '02-00-00-00-A0-60'

/*
 * The client of the package `dhcp` 0.2.20 has peculiarities that its user must know:
 *
 * - lib/dhcp.js lines 721 to 740: it writes option 50 before it takes note of the offered address,
 *   and never writes option 54. So its first REQUEST names nothing at all, and is ignored; the one
 *   after a second DISCOVER names the address of the first OFFER, and is answered.
 * - lines 667 and 721: it clears BROADCAST, but listens on a plain socket, which hears unicast for
 *   addresses of its machine alone: a machine without one never hears the OFFER. `_send` is wrapped
 *   to set it (RFC 2131 section 4.1 wants that of such a client).
 * - Without `features` it throws: Node writes no `undefined` into a buffer.
 * - lib/seqbuffer.js tells each option that is not in its catalogue on the error output; `addOption`
 *   takes one in.
 */
const CLIENT = `
const dhcp = require('dhcp')
dhcp.addOption(150, { name: 'TFTP servers', type: 'IPs', config: 'tftpServers' })
const client = dhcp.createClient({ mac: '${MAC}', features: ['tftpServer', 'tftpServers'] })
const say = (word, what) => console.log(JSON.stringify({ [word]: what }))
const discover = setInterval(() => client.sendDiscover(), 500)
setTimeout(() => process.exit(1), 20_000)
client.on('error', (error) => say('error', error.message ?? error))
client.on('message', ({ op, yiaddr, options }) => say('message', { op, yiaddr, type: options[53] }))
client.on('bound', ({ address, leasePeriod, renewPeriod, rebindPeriod, options }) => {
  clearInterval(discover)
  say('bound', { address, leasePeriod, renewPeriod, rebindPeriod, options })
  client.close(() => process.exit(0))
})
const send = client._send
client._send = (host, message) => send.call(client, host, { ...message, flags: 0x8000 })
client.listen(68, undefined, () => client.sendDiscover())
`

t.setTimeout(120_000)

testWith(['curl'], 'the client of the package dhcp: gets a lease and our options', async (t) => {
  const { lab, appliance, dir, leases } = await aLink(t)
  const phone = lab.plugIn('02:00:00:00:a0:60')
  lab.addDefaultRoute(phone)
  const program = join(dir, 'client.cjs')
  writeFileSync(program, CLIENT)
  const env = `NODE_PATH=${join(ROOT, 'node_modules')}`
  const { code, output } = await lab.run(phone, 'env', env, process.execPath, program)
  t.equal(code, 0, output)
  const said = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const bound = said.find((line) => 'bound' in line)?.bound
  t.match(bound, {
    address: '10.20.0.50',
    leasePeriod: 300,
    renewPeriod: 150,
    rebindPeriod: 262,
    options: {
      netmask: '255.255.255.0',
      router: ['10.20.0.1'],
      server: SERVER,
      tftpServers: [SERVER],
    },
  })
  t.same(said.map((line) => line.message?.type).filter(Boolean), [2, 2, 5], 'OFFER, OFFER, ACK')
  t.match(await leases(), [{ address: '10.20.0.50', state: 'bound', mac: '02000000A060' }])
  t.equal(await appliance.printed('"dhcp.ack.sent"'), true, 'whoever it is, the log says who came')
  t.match(appliance.output, /"level":"info".*"mac":"02000000A060".*"address":"10\.20\.0\.50"/)
})
