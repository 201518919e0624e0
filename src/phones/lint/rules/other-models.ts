import { readRequestedFile } from '../../requested-file.ts'
import { type Finding, finding } from '../finding.ts'
import type { RootView } from '../root-view.ts'
import { FIELD_REPORTS } from '../sources.ts'

/** Firmware of other models: no harm, and no use for a 7940 or 7960. */
export function findOtherModels({ root }: RootView): readonly Finding[] {
  const models = new Map<string, { readonly path: string; readonly count: number }>()
  for (const { path } of root.files) {
    const asked = readRequestedFile(path)
    if (asked.kind !== 'other-model') continue
    const before = models.get(asked.model)
    models.set(asked.model, { path: before?.path ?? path, count: (before?.count ?? 0) + 1 })
  }
  return [...models].map(([model, { path, count }]) =>
    finding({
      severity: 'note',
      rule: 'other-model',
      file: path,
      found: count === 1 ? `is for a ${model}` : `and ${count - 1} more files are for a ${model}`,
      phone: 'A 7940 or 7960 never asks for them; a 7941 is no 7940 and takes none of its images.',
      remedy: 'Nothing, if phones of that model are meant to be served here.',
      source: FIELD_REPORTS,
    }),
  )
}
