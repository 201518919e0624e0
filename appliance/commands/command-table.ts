import type { CommandEntry } from './lazy-commands.ts'

/** All commands, in the order of `--help`. A command that is not used is not loaded. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'run the appliance on the networks of a configuration file',
    load: async () => (await import('./serve.ts')).defineServeCommand,
  },
  {
    name: 'check',
    summary: 'check a configuration file and list every problem; nothing is started',
    load: async () => (await import('./check.ts')).defineCheckCommand,
  },
  {
    name: 'demo',
    summary: 'convert a simulated phone on the loopback interface, without touching any network',
    load: async () => (await import('./demo.ts')).defineDemoCommand,
  },
  {
    name: 'simulate',
    summary: 'run simulated 7940s and 7960s against a DHCP and TFTP server, ours or another',
    load: async () => (await import('./simulate.ts')).defineSimulateCommand,
  },
  {
    name: 'plan',
    summary: 'show the steps from one load to another, without an appliance',
    load: async () => (await import('./plan.ts')).definePlanCommand,
  },
  {
    name: 'lint',
    summary: 'check a TFTP root for everything that prevents these phones from converting',
    load: async () => (await import('./lint.ts')).defineLintCommand,
  },
  {
    name: 'explain',
    summary: 'show from a TFTP or DHCP log or a capture what each phone did and why it stopped',
    load: async () => (await import('./explain.ts')).defineExplainCommand,
  },
  {
    name: 'cucm',
    summary: 'write the checklist and the CSV for a migration on Cisco CallManager 5.x',
    load: async () => (await import('./cucm.ts')).defineCucmCommand,
  },
  {
    name: 'phones',
    summary: 'enrol, list, show, change and remove phones',
    load: async () => (await import('./phones.ts')).definePhonesCommand,
  },
  {
    name: 'profiles',
    summary: 'create, list, show, change and remove profiles',
    load: async () => (await import('./profiles.ts')).defineProfilesCommand,
  },
  {
    name: 'devices',
    summary: 'list unknown devices that asked and were not served; enrol or forget them',
    load: async () => (await import('./devices.ts')).defineDevicesCommand,
  },
  {
    name: 'firmware',
    summary: 'import, list and remove firmware',
    load: async () => (await import('./firmware.ts')).defineFirmwareCommand,
  },
  {
    name: 'shared-files',
    summary: 'add, list, get and remove files that phones share, such as ring tones',
    load: async () => (await import('./shared-files.ts')).defineSharedFilesCommand,
  },
  {
    name: 'convert',
    summary: 'convert a phone to another load, or follow its conversion',
    load: async () => (await import('./convert.ts')).defineConvertCommand,
  },
  {
    name: 'restart',
    summary: 'restart a phone without touching it',
    load: async () => (await import('./restart.ts')).defineRestartCommand,
  },
  {
    name: 'rollout',
    summary: 'convert many phones to one load: canaries first, then waves',
    load: async () => (await import('./rollout.ts')).defineRolloutCommand,
  },
  {
    name: 'survey',
    summary: 'ask phones what they run: leases, what was seen, their web page, SIP OPTIONS',
    load: async () => (await import('./survey.ts')).defineSurveyCommand,
  },
  {
    name: 'status',
    summary: 'show the status of a running appliance: readiness, networks, conversions, roll-outs',
    load: async () => (await import('./status.ts')).defineStatusCommand,
  },
  {
    name: 'report',
    summary: 'print what was done with a phone or in a roll-out, as a sheet or as data',
    load: async () => (await import('./report.ts')).defineReportCommand,
  },
  {
    name: 'networks',
    summary: 'list networks, or show one with its settings and counters',
    load: async () => (await import('./networks.ts')).defineNetworksCommand,
  },
  {
    name: 'leases',
    summary: 'list leases by network, phone and state; free an address',
    load: async () => (await import('./leases.ts')).defineLeasesCommand,
  },
  {
    name: 'events',
    summary: 'list or follow events by phone, network, name, level and time',
    load: async () => (await import('./events.ts')).defineEventsCommand,
  },
  {
    name: 'log',
    summary: 'print the event journal, oldest first',
    load: async () => (await import('./log.ts')).defineLogCommand,
  },
  {
    name: 'tokens',
    summary: 'create, list and remove named tokens of the API, each with a role',
    load: async () => (await import('./tokens.ts')).defineTokensCommand,
  },
  {
    name: 'webhooks',
    summary: 'create, list and remove receivers that are told of events by HTTP',
    load: async () => (await import('./webhooks.ts')).defineWebhooksCommand,
  },
  {
    name: 'reload',
    summary: 'make a running appliance reload its configuration; leases and transfers continue',
    load: async () => (await import('./reload.ts')).defineReloadCommand,
  },
  {
    name: 'trace',
    summary: 'print the last conversion of a phone as a trace, anonymised by default',
    load: async () => (await import('./trace.ts')).defineTraceCommand,
  },
  {
    name: 'backup',
    summary: 'copy the database of an appliance, running or not, to one file',
    load: async () => (await import('./backup.ts')).defineBackupCommand,
  },
  {
    name: 'restore',
    summary: 'restore a backup into an empty data folder',
    load: async () => (await import('./backup.ts')).defineRestoreCommand,
  },
  {
    name: 'database',
    summary: 'move the data of a stopped appliance to PostgreSQL, or back to SQLite',
    load: async () => (await import('./database.ts')).defineDatabaseCommand,
  },
  {
    name: 'completion',
    summary: 'print a completion script for a shell',
    load: async () => (await import('./completion.ts')).defineCompletionCommand,
  },
]
