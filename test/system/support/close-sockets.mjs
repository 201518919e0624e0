// Closes UDP sockets of this process behind its back, by their port. For node --import it does so for
// each port that a file names: the product needs no way to be told.
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import koffi from 'koffi'

const close = koffi.load(null).func('int close(int fd)')

/**
 * Closes the UDP sockets that are bound to a port.
 *
 * @param {number} port
 * @returns {number} how many there were
 */
export function closeUdpSockets(port) {
  const inodes = inodesOn(port)
  let closed = 0
  for (const descriptor of readdirSync('/proc/self/fd')) {
    const inode = /^socket:\[(\d+)\]$/.exec(targetOf(descriptor))?.[1]
    if (inode === undefined || !inodes.has(inode)) continue
    close(Number(descriptor))
    closed++
  }
  return closed
}

function targetOf(descriptor) {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    // That of the folder itself, which is closed by now.
    return ''
  }
}

/** The second column is address:port in hexadecimal, the tenth the inode. */
function inodesOn(port) {
  const lines = readFileSync('/proc/self/net/udp', 'utf8').trim().split('\n').slice(1)
  const columns = lines.map((line) => line.trim().split(/\s+/))
  const isThere = ([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16) === port
  return new Set(columns.filter(isThere).map((all) => all[9]))
}

const file = process.env.SWITCHHOOK_TEST_CLOSE_SOCKETS
if (file !== undefined && isMainThread) setInterval(closeNamed, 50).unref()

function closeNamed() {
  let ports
  try {
    ports = readFileSync(file, 'utf8').trim().split('\n').map(Number)
  } catch {
    return
  }
  rmSync(file)
  for (const port of ports) closeUdpSockets(port)
}
