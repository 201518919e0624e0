import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { labelsByName, scraped } from '../../support/scraped.ts'
import { ROOT } from '../../support/source-files.ts'

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

t.test('every number that the dashboard shows is one that we give, by its labels', async (t) => {
  const labelsOf = labelsByName(await scraped(t))
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
