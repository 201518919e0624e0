import { family } from '../../../phones/family/family.ts'
import { readRequestedFile } from '../../../phones/requested-file.ts'
import { type Finding, finding } from '../finding.ts'
import type { RootView } from '../root-view.ts'
import { FIELD_REPORTS } from '../sources.ts'

/** Firmware of other models, and other models that are named firmware of the family. */
export function findOtherModels(view: RootView): readonly Finding[] {
  return [...findFirmware(view), ...findStrays(view)]
}

function findStrays({ xml }: RootView): readonly Finding[] {
  return xml.flatMap(({ file, content }) =>
    content.strays.map(({ load, model, line }) =>
      finding({
        severity: 'warns',
        rule: 'other-model-load',
        file: file.path,
        line,
        found: `names ${load}, a load of the ${family.all}, for a ${model}`,
        phone: `A ${model} takes no image of a ${family.either}: it asks for files of this name and refuses them.`,
        remedy: 'Name a load of that model, or take the line out.',
        source: FIELD_REPORTS,
      }),
    ),
  )
}

/** No harm, and no use for the family. */
function findFirmware({ root }: RootView): readonly Finding[] {
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
      phone: `A ${family.either} never asks for them, and other models take none of its images.`,
      remedy: 'Nothing, if phones of that model are meant to be served here.',
      source: FIELD_REPORTS,
    }),
  )
}
