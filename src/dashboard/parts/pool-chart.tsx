import type { Network, PoolUseHistory } from '../data/types.ts'
import { formatDay } from '../words/format.ts'
import { areaPath, poolSeries } from '../words/pool-series.ts'

const SIZE = { width: 600, height: 120 }

/** How full a pool was over the last day, as a picture and in words. */
export function PoolChart(props: { readonly network: Network; readonly history: PoolUseHistory }) {
  const { name, use } = props.network
  const { taken, sinceMs, peak, peakAtMs } = poolSeries(props.history, use.size - use.free)
  const top = Math.max(use.size, peak)
  const since = timeOf(sinceMs)
  const words = `Peak ${peak} of ${use.size} at ${timeOf(peakAtMs)}, since ${since}.`
  return (
    <figure class="chart">
      <div class="plot">
        <span class="most">{top}</span>
        <svg
          viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Use of the pool of ${name} over time. ${words}`}
        >
          <path d={areaPath(taken, top, SIZE)} />
        </svg>
        <span class="none">0</span>
        <span class="since">{since}</span>
        <span class="now">now</span>
      </div>
      <figcaption class="hint">{words}</figcaption>
    </figure>
  )
}

function timeOf(atMs: number): string {
  return formatDay(new Date(atMs).toISOString())
}
