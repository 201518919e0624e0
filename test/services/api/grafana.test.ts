import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Metrics } from '../../../src/adapters/http/metrics.ts'
import { metricService } from '../../../src/services/api/metrics.ts'
import { TftpServer } from '../../../src/tftp/tftp-server.ts'
import { anApplianceInside, NOW_MS } from '../../support/an-appliance-inside.ts'
import { ROOT } from '../../support/source-files.ts'
import { LAB_SETTINGS, NumberedTids } from '../../support/tftp-lab.ts'

type Panel = {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: {
    readonly x: number
    readonly y: number
    readonly w: number
    readonly h: number
  }
  readonly targets: readonly { readonly expr: string; readonly refId: string }[]
}

const dashboard = JSON.parse(
  readFileSync(join(ROOT, 'config/grafana/switchhook.json'), 'utf8'),
) as { readonly uid: string; readonly schemaVersion: number; readonly panels: readonly Panel[] }

/** What `/metrics` says when everything has happened once. */
async function scraped(): Promise<string> {
  const { counters, cache, book, journal } = await anApplianceInside()
  const files = { answer: () => ({ kind: 'absent' as const, mac: null }), ownerAt: () => null }
  const tftp = new TftpServer(LAB_SETTINGS, { files, holder: cache, tids: new NumberedTids() })
  const event = { network: 'bench', event: 'conversion.confirmed', reason: '' }
  for (const name of ['dhcp_events', 'tftp_events', 'conversion_events', 'rollout_events']) {
    counters.add(name, event)
  }
  counters.add('dhcp_faults', { fault: 'malformed', code: 'TRUNCATED' })
  for (const name of ['tftp_bytes', 'tftp_repeats']) counters.add(name, { network: 'bench' })
  const phone = { mac: '000E84C060A6', state: 'pending' }
  const rollout = { state: 'running', phones: [phone] }
  const service = metricService({
    ...{ counters, cache, book, journal, tftp },
    dhcp: { rogueServersOn: () => [] },
    rollouts: () => [rollout as never],
    networkNames: ['bench'],
    nowMs: () => NOW_MS,
  })
  const metrics = new Metrics(service)
  metrics.countAnswer({ method: 'GET', route: '/v1/phones', status: 200, seconds: 0.1 })
  return metrics.render()
}

t.test('every number that the dashboard shows is one that we give, by its labels', async (t) => {
  const lines = (await scraped()).split('\n').filter((line) => !line.startsWith('#'))
  const labelsOf = new Map(
    lines.map((line) => {
      const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? []
      return [name, [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label)] as const
    }),
  )
  for (const { title, targets } of dashboard.panels) {
    t.ok(targets.length > 0, `${title} asks for something`)
    for (const { expr } of targets) {
      const named = [...expr.matchAll(/\b(?:switchhook|process|nodejs)_\w+/g)].map(([name]) => name)
      t.ok(named.length > 0, expr)
      const labels = named.flatMap((name) => labelsOf.get(name) ?? [`no ${name}`])
      t.notMatch(labels.join(), 'no ', `${title}: ${expr}`)
      const asked = [...expr.matchAll(/[{,]\s*(\w+)(?:=|!)|by \(([\w, ]+)\)/g)].flatMap(
        ([, matched, grouped]) => (matched ?? grouped ?? '').split(/, */),
      )
      for (const label of asked) t.ok(labels.includes(label), `${title}: label ${label}`)
      const counters = named.filter((name) => name.endsWith('_total'))
      const isRate = /\b(?:rate|increase)\(/.test(expr) || /lost/.test(expr)
      t.ok(counters.length === 0 || isRate, `${title}: a counter is shown as a rate`)
    }
  }
})

t.test('the dashboard is one that Grafana takes: ids, places, queries', async (t) => {
  const { panels, uid, schemaVersion } = dashboard
  t.equal(uid, 'switchhook')
  t.ok(schemaVersion >= 30)
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length, 'ids are unique')
  for (const { type, title, gridPos, targets } of panels) {
    t.match(type, /^(?:timeseries|stat)$/)
    t.ok(gridPos.x + gridPos.w <= 24, `${title} is within the 24 columns`)
    const over = panels.filter(
      (other) =>
        other.title !== title &&
        other.gridPos.x < gridPos.x + gridPos.w &&
        gridPos.x < other.gridPos.x + other.gridPos.w &&
        other.gridPos.y < gridPos.y + gridPos.h &&
        gridPos.y < other.gridPos.y + other.gridPos.h,
    )
    t.same(
      over.map((other) => other.title),
      [],
      `${title} covers no other`,
    )
    t.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length)
  }
})
