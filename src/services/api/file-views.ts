import type { FileView } from '../../conversion/file-view.ts'
import type { CachedFile } from '../../files/file-cache.ts'
import { FileNames } from '../../files/file-name.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { FileViewService, ViewedFile } from '../services.ts'

/** What one phone sees over TFTP, as the API asks. */
export function fileViewService(
  view: FileView,
  serverAddressFor: (mac: Mac) => Ipv4,
): FileViewService {
  const named = (mac: Mac) => view.list(mac, serverAddressFor(mac))
  return {
    list: (mac) => named(mac)?.map(({ name, value }) => shown(name, value.origin, value.file)),
    read(mac, name) {
      const names = new FileNames((named(mac) ?? []).map((entry) => [entry.name, entry.value]))
      const found = names.find(name)
      if (found === undefined) return undefined
      const { origin, file } = found.value
      return { file: shown(found.name, origin, file), content: file.bytes }
    },
  }
}

function shown(name: string, origin: ViewedFile['origin'], file: CachedFile): ViewedFile {
  return { name, bytes: file.bytes.length, sha256: file.sha256, origin }
}
