import type { Problem } from '../src/settings/problem.ts'
import type { Settings } from '../src/settings/settings.ts'

/**
 * Keys of the configuration that this version reads, checks and does not act on. Better said at
 * every start than found out at the bench.
 */
export function findNotYet({ tftp }: Settings): readonly Problem[] {
  const problems: Problem[] = []
  if (typeof tftp.workers === 'number' && tftp.workers > 0) {
    const message = `${tftp.workers} threads asked for; this version sends from the main thread`
    problems.push({ path: '/tftp/workers', message })
  }
  return problems
}
