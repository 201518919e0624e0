import type { Command } from 'commander'
import type { Schemas } from '../../src/adapters/http/api-types.ts'
import type { ApiClient } from '../client/api-client.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ApiOptions, printJson, withApi, withApiOptions } from './api-options.ts'
import { table } from './table.ts'

type NetworkSeen = Schemas['Network']

type StatusSeen = Schemas['Status']

type RolloutSeen = Schemas['RolloutSummary']

/** `switchhook status`: how a running appliance stands. */
export function defineStatusCommand(command: Command): void {
  withApiOptions(command)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook status\n' +
        '  switchhook status --api http://10.20.0.2:8067 --token-file ./api-token --json\n\n' +
        'Exits with 1 if phones cannot be served, with 69 if no appliance answers.',
    )
    .action((options: ApiOptions & { readonly json?: boolean }) =>
      withApi(options, async (api) => {
        const status = await read(api)
        if (!status.ready) process.exitCode = ExitCode.no
        if (options.json === true) return printJson(status)
        for (const part of describe(status)) console.log(part)
      }),
    )
}

type Status = Awaited<ReturnType<typeof read>>

async function read(api: ApiClient) {
  const [status, networks, conversions, rollouts] = await Promise.all([
    api.get<StatusSeen>('/v1/status'),
    api.get<readonly NetworkSeen[]>('/v1/networks'),
    api.get<readonly Schemas['Conversion'][]>('/v1/conversions'),
    api.get<readonly RolloutSeen[]>('/v1/rollouts'),
  ])
  const { version, ready, problems, attention, uptimeSeconds, phones } = status
  const facts = { version, ready, problems, attention, uptimeSeconds, phones }
  return { ...facts, networks, conversions, rollouts }
}

function describe(status: Status): readonly string[] {
  const { networks, conversions, rollouts } = status
  const ofNetworks = networks.map(({ name, subnet, use, notServedBecause, otherServers }) => [
    name,
    subnet,
    `${use.size - use.free} of ${use.size}`,
    otherServers.map(({ address }) => address).join(' ') || 'none',
    notServedBecause ?? 'yes',
  ])
  const underWay = conversions.filter(({ state }) => state !== 'confirmed' && state !== 'cancelled')
  const ofPhones = underWay.map(({ mac, to, state, step, steps, diagnosis }) => [
    mac,
    to,
    state,
    `${Math.min(step + 1, steps.length)} of ${steps.length}`,
    diagnosis?.code ?? steps[step]?.stage ?? null,
  ])
  const ofRollouts = rollouts.map(({ id, to, state }) => [id, to, state])
  return [
    ...inShort(status),
    table(['NETWORK', 'SUBNET', 'POOL IN USE', 'OTHER SERVERS', 'SERVED'], ofNetworks),
    ...(ofPhones.length === 0
      ? ['No conversion is in progress.']
      : [table(['PHONE', 'TO', 'STATE', 'STEP', 'STAGE'], ofPhones)]),
    ...(ofRollouts.length === 0 ? [] : [table(['ROLL-OUT', 'TO', 'STATE'], ofRollouts)]),
    ...needAttention(status),
  ]
}

/** What automatic enrolment could not do. */
function needAttention({ attention }: Status): readonly string[] {
  if (attention.length === 0) return []
  const rows = attention.map(({ mac, network, message }) => [mac, network, message])
  return [table(['NEEDS ATTENTION', 'NETWORK', 'WHY'], rows)]
}

/** Readiness first: it is what an operator wants to know. */
function inShort({ version, ready, problems, uptimeSeconds, phones, conversions }: Status) {
  const counts = new Map<string, number>()
  for (const { state } of conversions) counts.set(state, (counts.get(state) ?? 0) + 1)
  const byState = [...counts].map(([state, count]) => `${count} ${state}`).join(', ')
  const facts = `up ${inWords(uptimeSeconds)}, phones ${phones}, conversions: ${byState || 'none'}`
  if (ready) return [`Switchhook ${version} is ready; ${facts}.`]
  return [
    `Switchhook ${version} is NOT ready; ${facts}.`,
    ...problems.map(({ message }) => `  ${message}`),
  ]
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}
