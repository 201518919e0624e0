import { spawnSync } from 'node:child_process'

/** Where the tests of the built appliance are. */
export const SYSTEM_FOLDER = 'test/system'

/**
 * How many run side by side, and how long one may take. They wait for phones and clients most of the
 * time, so that a processor has room for more than one.
 */
export const SYSTEM_LIMITS = { width: 4, fileTimeoutS: 600, isRunAgain: true }

/** Files that have the machine to themselves, because they load all of it or measure how fast it is. */
const ALONE = new Set(
  [
    'call-control-flood',
    'dhcp-flood',
    'faults/floods',
    'hostile-floods',
    'kills',
    'many-phones',
    'page-scale',
    'soak',
  ].map((name) => `${SYSTEM_FOLDER}/${name}.test.ts`),
)

/** In a network namespace of its own, whose loopback is up. */
const OWN_NETWORK = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']

/**
 * What a batch has for a loopback of its own, so that no port or address is another's: the command
 * before it, or nothing on a machine that cannot do that.
 */
export function ownNetwork() {
  const [program, ...args] = OWN_NETWORK
  const canDivide = spawnSync(program, [...args, 'true']).status === 0
  return canDivide ? { command: OWN_NETWORK } : {}
}

/** One process a file, each with a loopback of its own; where there is none, one after another. */
export function systemBatches(files) {
  const own = ownNetwork()
  const canDivide = own.command !== undefined
  const alone = files.filter((file) => ALONE.has(file))
  const others = files.filter((file) => !ALONE.has(file))
  return [...others, ...alone].map((file) => ({
    files: [file],
    weight: !canDivide || ALONE.has(file) ? SYSTEM_LIMITS.width : 1,
    ...own,
  }))
}
