import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { EVENTS } from '../../../src/services/events/event-catalogue.ts'
import { labelsByName, scraped } from '../../support/scraped.ts'
import { ROOT } from '../../support/source-files.ts'

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

const FILE = join(ROOT, 'config/prometheus/switchhook-alerts.yaml')
const { groups } = parse(readFileSync(FILE, 'utf8')) as {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[]
}
const rules = groups.flatMap((group) => group.rules)

/** What Prometheus adds to every scrape. */
const OF_PROMETHEUS = new Set(['job', 'instance'])

t.test('every metric, label, state and event of the alert rules is one that we give', async (t) => {
  const text = await scraped(t)
  const labelsOf = labelsByName(text)
  t.ok(rules.length >= 8)
  for (const { alert, expr } of rules) {
    const selectors = [...expr.matchAll(/\b((?:switchhook|process)_\w+)(?:\{([^}]*)\})?/g)]
    t.ok(selectors.length > 0 || /^up\{/.test(expr), alert)
    for (const [, name = '', matchers = ''] of selectors) {
      t.ok(labelsOf.has(name), `${alert}: there is ${name}`)
      for (const [, label = '', value = ''] of matchers.matchAll(/(\w+)="([^"]*)"/g)) {
        if (OF_PROMETHEUS.has(label)) continue
        t.ok(labelsOf.get(name)?.includes(label), `${alert}: ${name} has label ${label}`)
        if (label === 'event') t.ok(value in EVENTS, `${alert}: there is an event ${value}`)
        if (label === 'state') {
          const line = new RegExp(`^${name}\\{[^}]*state="${value}"`, 'm')
          t.match(text, line, `${alert}: ${name} has a state ${value}`)
        }
      }
      const isIncrease = new RegExp(`increase\\(${name}`).test(expr)
      t.equal(isIncrease, name.endsWith('_total'), `${alert}: a counter is asked for its increase`)
    }
  }
})

t.test('every rule says how bad it is, what is wrong, and what to do', (t) => {
  for (const { alert, labels, annotations } of rules) {
    t.match(alert, /^Switchhook[A-Z]/)
    t.match(labels['severity'], /^(?:critical|warning)$/, alert)
    t.ok(annotations['summary'] && annotations['description'], alert)
  }
  t.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length)
  t.end()
})

const promtool = process.env['PROMTOOL'] ?? 'promtool'
const hasPromtool = spawnSync(promtool, ['--version']).error === undefined

t.test('promtool finds nothing wrong with rules and metrics', async (t) => {
  if (!hasPromtool) return t.comment('left out: no promtool')
  t.match(execFileSync(promtool, ['check', 'rules', FILE], { encoding: 'utf8' }), 'SUCCESS')
  // Those of the process are named by the client library.
  const own = (await scraped(t)).split('\n').filter((line) => line.includes('switchhook_'))
  const found = spawnSync(promtool, ['check', 'metrics'], { input: `${own.join('\n')}\n` })
  t.equal(found.status, 0, `${found.stdout}${found.stderr}`)
})

/** One series of each rule that fires, and one where it does not. */
const FIRES: Readonly<Record<string, readonly [series: string, values: string, calm: string]>> = {
  SwitchhookDown: ['up{job="switchhook"}', '0x30', '1x30'],
  SwitchhookNotReady: ['switchhook_ready', '0x30', '1x30'],
  SwitchhookNetworkNotServed: ['switchhook_network_served{network="a"}', '0x30', '1x30'],
  SwitchhookOtherDhcpServer: ['switchhook_other_dhcp_servers{network="a"}', '1x30', '0x30'],
  SwitchhookPoolNearlyFull: ['switchhook_pool_addresses{state="free"}', '2x30', '60x30'],
  SwitchhookConversionStalled: ['switchhook_conversions{state="stalled"}', '1x30', '0x30'],
  SwitchhookRolloutStopped: [
    'switchhook_rollout_events_total{event="rollout.stopped"}',
    '0x20 1x9',
    '1x30',
  ],
  SwitchhookEventsLost: ['switchhook_events_lost_total', '0x20 5x9', '5x30'],
  SwitchhookRestarted: ['process_start_time_seconds{job="switchhook"}', '1x5 2x5 3x5 4x10', '1x30'],
}

t.test('each rule fires on what it is for, and on nothing else', async (t) => {
  t.same(Object.keys(FIRES).sort(), rules.map(({ alert }) => alert).sort())
  if (!hasPromtool) return t.comment('left out: no promtool')
  const dir = t.testdir()
  for (const [alert, [series, values, calm]] of Object.entries(FIRES)) {
    for (const [input, wanted] of [
      [values, 1],
      [calm, 0],
    ] as const) {
      const size = { series: 'switchhook_pool_addresses{state="size"}', values: '100x30' }
      const expr = `count(ALERTS{alertstate="firing", alertname="${alert}"}) or vector(0)`
      const test = {
        rule_files: [FILE],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: [size, { series, values: input.replace(/(\d+)x/g, '$1+0x') }],
            promql_expr_test: [
              { expr, eval_time: '25m', exp_samples: [{ labels: '{}', value: wanted }] },
            ],
          },
        ],
      }
      const file = join(dir, `${alert}-${wanted}.json`)
      writeFileSync(file, JSON.stringify(test))
      const said = spawnSync(promtool, ['test', 'rules', file])
      t.equal(said.status, 0, `${alert} ${wanted}: ${said.stdout}${said.stderr}`)
    }
  }
})
