/**
 * A program of its own, to be run in a namespace: sends UDP in a frame that says what the system
 * would not, such as another host's address.
 *
 * Arguments: interface (with an address), source and destination address, destination hardware
 * address, payload in hex; then the two ports, 68 and 67 where they are left out.
 */
import { openFrameSender } from '../../../src/adapters/udp/frame-sender.ts'
import { loadLibc } from '../../../src/adapters/udp/native/libc.ts'
import { macToBytes, parseMac } from '../../../src/net/mac.ts'
import { ip } from '../../support/a-dhcp-message.ts'

const [interfaceName = '', from = '', to = '', mac = '', payload = '', ...ports] =
  process.argv.slice(2)
const [fromPort = 68, toPort = 67] = ports.map(Number)
const loaded = await loadLibc()
const hardware = parseMac(mac)
if (loaded.kind === 'missing' || hardware === undefined) throw new Error('cannot send frames')
const frames = openFrameSender(loaded.libc)
const end = { hardwareAddress: macToBytes(hardware), address: ip(to), port: toPort }
frames.send(interfaceName, { address: ip(from), port: fromPort }, end, Buffer.from(payload, 'hex'))
frames.close()
