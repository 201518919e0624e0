import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

/** Above this part of the processors in other hands, values say little. */
export const BUSY = 0.1

/** Folders of the system's programs alone: npm puts packages first, and one has a `dhcpd` too. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What else went on when a measurement began. */
export type Disturbance = {
  /** Of the last minute. */
  readonly loadAverage: number
  /** Part of all processors in use during the pause, 0 to 1: nothing of ours runs then. */
  readonly busy: number
}

/** Waits, and looks how idle the machine is meanwhile. */
export async function settle(pauseMs: number): Promise<Disturbance> {
  const before = processorTicks()
  await pause(pauseMs)
  const after = processorTicks()
  const all = after.all - before.all
  return {
    loadAverage: loadavg()[0] ?? 0,
    busy: all === 0 ? 0 : 1 - (after.idle - before.idle) / all,
  }
}

function processorTicks(): { readonly all: number; readonly idle: number } {
  const [, line = ''] = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? []
  // user nice system idle iowait irq softirq steal; what guests use is within user and nice.
  const ticks = line.split(' ').map(Number).slice(0, 8)
  const all = ticks.reduce((sum, value) => sum + value, 0)
  return { all, idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) }
}

/** The machine in one line. */
export function machineInWords(): string {
  const [first] = cpus()
  return `${cpus().length} processors (${first?.model}), Linux ${release()}, Node ${process.versions.node}`
}

/** What a run cannot do without and this machine lacks, in words; null where all is there. */
export function lackingForBench(): string | null {
  if (process.platform !== 'linux') return `Linux; this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'root: it makes network namespaces and control groups'
  const absent = ['ip', 'cc'].filter((program) => pathOf(program) === null)
  return absent.length === 0 ? null : `${absent.join(' and ')} (packages iproute2 and gcc)`
}

/** Where a program of the system lies; null where it is not installed. */
export function pathOf(program: string): string | null {
  const found = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], {
    encoding: 'utf8',
    env: { ...process.env, PATH: SYSTEM_PATH },
  })
  return found.status === 0 ? found.stdout.trim() : null
}

/** The version of an installed Debian package, empty where dpkg knows none. */
export function packageVersionOf(name: string): string {
  const found = spawnSync('dpkg-query', ['--show', name], { encoding: 'utf8' })
  return found.status === 0 ? (found.stdout.trim().split('\t')[1] ?? '') : ''
}
