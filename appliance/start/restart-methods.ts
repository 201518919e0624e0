import { join } from 'node:path'
import type { Logger } from 'pino'
import { CommandRestart } from '../../src/adapters/process/command-restart.ts'
import { type PoeEvent, PoeRestart } from '../../src/adapters/snmp/poe-restart.ts'
import { openSwitchSession } from '../../src/adapters/snmp/switch-session.ts'
import { SwitchedOffPortsFile } from '../../src/adapters/snmp/switched-off-ports.ts'
import { TelnetRestart } from '../../src/adapters/tcp/telnet-restart.ts'
import type { RestartMethod } from '../../src/call-control/restart/method.ts'
import type { Journal } from '../../src/services/events/journal.ts'
import type { Settings } from '../../src/settings/settings.ts'

/** What the methods stand on. */
export type RestartMethodWants = {
  /** As in force: a reload changes switches and the command. */
  readonly settings: () => Pick<Settings, 'switches' | 'restart'>
  readonly dataDir: string
  readonly journal: Journal
  readonly log: Logger
  readonly nowMs: () => number
}

/** The methods that need no call control. */
export type RestartMethods = {
  readonly adapters: readonly RestartMethod[]
  /** Switches on what an earlier process left off; nothing waits for it. */
  readonly recover: () => void
  /** Waits, within some seconds, until the ports that are off are on. */
  readonly close: () => Promise<void>
}

/** Ports that are off by us: see `SwitchedOffPortsFile`. */
const PORTS_FILE = 'ports-off.json'

/** Telnet, PoE and the command, as the configuration has them. */
export function restartMethods(wants: RestartMethodWants): RestartMethods {
  const { settings, dataDir, journal, log, nowMs } = wants
  const onEvent = ({ event, level, mac, fields }: PoeEvent) => {
    journal.record({ atMs: nowMs(), event, mac, network: null, fields })
    log[level]({ event, mac, ...fields })
  }
  const onFault = (why: string) => log.error({ event: 'switch.ports.unread', why })
  const poe = new PoeRestart({
    switches: () => settings().switches,
    openSession: openSwitchSession,
    ports: new SwitchedOffPortsFile(join(dataDir, PORTS_FILE), onFault),
    onEvent,
    nowMs,
  })
  const command = new CommandRestart({
    command: () => {
      const { restart } = settings()
      if (restart === undefined) return undefined
      return { words: restart.command, timeoutMs: restart.timeout.seconds * 1000 }
    },
    path: process.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    onOutput: (output) => log.info({ event: 'phone.restart.command', ...output }),
  })
  return {
    adapters: [new TelnetRestart(), poe, command],
    recover: () => poe.recover(),
    close: () => poe.close(),
  }
}
