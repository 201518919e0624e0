import type { Conversion } from '../data/types.ts'
import { formatMac, percentOfStep } from '../words/format.ts'
import { ProgressBar } from './progress-bar.tsx'

/** How much of the image of a conversion's present step is fetched; nothing where it has not begun. */
export function FetchedBar({ conversion }: { readonly conversion: Conversion }) {
  const { mac, steps, step } = conversion
  const shown = steps[Math.min(step, steps.length - 1)]
  if (shown === undefined || (shown.progress === null && shown.stage !== 'confirmed')) return null
  return <ProgressBar percent={percentOfStep(shown)} label={`${formatMac(mac)}: image fetched`} />
}
