import { type Target, targetOf } from '../../../conversion/target.ts'
import { parseFirmwareName } from '../../../phones/firmware-name.ts'
import { loaderOf } from '../../../phones/image-files.ts'
import type { RequestedFile } from '../../../phones/requested-file.ts'

/**
 * Where a phone is going, by what it asks for: the plan of another server is not known. A
 * `.loads` or an image names the load; a loader stands for the application that it came with.
 */
export function derivedTarget(file: RequestedFile): Target | undefined {
  const name = file.kind === 'loads' ? file.load : file.kind === 'image' ? file.stem : undefined
  const parsed = name === undefined ? undefined : parseFirmwareName(name)
  if (parsed?.kind !== 'ok') return undefined
  const { text, role } = parsed.name
  const load = role === 'loader' ? `P0S3${text.slice(4)}` : text
  const target = targetOf(load, undefined)
  return target === undefined ? undefined : { ...target, loader: loaderOf(load) }
}
