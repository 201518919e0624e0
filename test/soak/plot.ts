import type { Sample } from './samples.ts'

const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [720, 110, 60, 24, 40]

const PANELS = [
  { of: 'residentMb', title: 'resident memory, MiB' },
  { of: 'descriptors', title: 'open descriptors' },
  { of: 'offerP50', title: 'DISCOVER to OFFER, ms, median' },
  { of: 'offerP99', title: 'DISCOVER to OFFER, ms, 99th percentile' },
] as const

/** The samples of a soak as a picture (SVG), each value from zero on. */
export function plot(samples: readonly Sample[]): string {
  const lastSecond = samples.at(-1)?.seconds ?? 1
  const panels = PANELS.map(({ of, title }, index) => {
    const top = TOP + index * (HEIGHT + GAP)
    const most = Math.max(...samples.map((sample) => sample[of])) * 1.1 || 1
    const points = samples.map((sample) => {
      const x = LEFT + (sample.seconds / lastSecond) * WIDTH
      return `${x.toFixed(1)},${(top + HEIGHT * (1 - sample[of] / most)).toFixed(1)}`
    })
    return [
      `<text x="${LEFT}" y="${top - 6}">${title}</text>`,
      `<text x="${LEFT - 6}" y="${top + 10}" text-anchor="end">${most.toFixed(1)}</text>`,
      `<text x="${LEFT - 6}" y="${top + HEIGHT}" text-anchor="end">0</text>`,
      `<rect x="${LEFT}" y="${top}" width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="#999"/>`,
      `<polyline points="${points.join(' ')}" fill="none" stroke="#06c" stroke-width="1.5"/>`,
    ].join('\n')
  })
  const size = { width: LEFT + WIDTH + 20, height: TOP + PANELS.length * (HEIGHT + GAP) }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" font-family="sans-serif" font-size="12">
<title>A soak over time: memory, descriptors, latency</title>
<rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
<text x="${LEFT + WIDTH}" y="${size.height - 8}" text-anchor="end">${Math.round(lastSecond / 60)} minutes</text>
</svg>
`
}
