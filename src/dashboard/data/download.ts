import type { PageApi } from './page-api.ts'
import { saveFile } from './save-file.ts'

/** A file of the API that can be saved: what it is, where it is, and what it is called then. */
export type Download = {
  readonly text: string
  readonly path: string
  readonly name: string
}

/** Fetches with the token of the page, which a link cannot send, and saves. */
export async function download(api: PageApi, { path, name }: Download): Promise<void> {
  const bytes = await api.getBytes(path)
  saveFile(name, 'application/octet-stream', bytes)
}
