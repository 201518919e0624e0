import { formatIpv4 } from '../../src/net/ipv4.ts'
import { formatExpectation } from '../../src/simulator/expectation.ts'
import { table } from '../commands/table.ts'
import type { ScenarioOutcome } from './scenario-run.ts'

/** What became of each phone, for people: a line each, then what is not as expected. */
export function reportText(outcomes: readonly ScenarioOutcome[]): string {
  const rows = outcomes.map(
    ({ phone, runs, address, stopped, registered, asExpected, decidedAfterMs }) => [
      phone.mac,
      phone.load,
      formatExpectation(phone.expect),
      stopped === null ? runs : 'stopped',
      address === null ? null : formatIpv4(address),
      registered === null ? null : `${registered.protocol} ${registered.name}`,
      decidedAfterMs === null ? null : `${(decidedAfterMs / 1_000).toFixed(1)} s`,
      asExpected ? 'yes' : 'no',
    ],
  )
  const faults = outcomes.filter(({ asExpected }) => !asExpected)
  return [
    table(
      ['PHONE', 'FROM', 'EXPECTED', 'RUNS', 'ADDRESS', 'REGISTERED', 'AFTER', 'AS EXPECTED'],
      rows,
    ),
    '',
    ...faults.map(({ phone, why }) => `${phone.mac}: ${why}.`),
    `${outcomes.length - faults.length} of ${outcomes.length} phones ended as expected.`,
  ].join('\n')
}

/** The same as data. */
export function reportData(outcomes: readonly ScenarioOutcome[]): object {
  return {
    asExpected: outcomes.every(({ asExpected }) => asExpected),
    phones: outcomes.map(({ phone, address, registered, decidedAfterMs, ...outcome }) => ({
      mac: phone.mac,
      model: `${phone.model}`,
      from: phone.load,
      expect: formatExpectation(phone.expect),
      ...outcome,
      address: address === null ? null : formatIpv4(address),
      registered: registered && { ...registered, server: formatIpv4(registered.server) },
      seconds: decidedAfterMs === null ? null : Number((decidedAfterMs / 1_000).toFixed(3)),
    })),
  }
}
