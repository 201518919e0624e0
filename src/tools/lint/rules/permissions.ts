import { readRequestedFile } from '../../../phones/requested-file.ts'
import { type Finding, finding } from '../finding.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'
import type { RootFile } from '../tftp-root.ts'

/** Files and folders that a TFTP daemon cannot read, or refuses to. */
export function findPermissionFaults({ root }: RootView): readonly Finding[] {
  const folders = root.folders.flatMap(({ path, mode, unread }) => {
    if (unread !== null) return [fault(path, `cannot be listed: ${unread}`)]
    const isClosed = mode !== null && (mode & OTHERS_SEARCH) === 0
    return isClosed ? [fault(path, `has mode ${octal(mode)}: others cannot enter this folder`)] : []
  })
  return [...folders, ...root.files.filter(isForPhones).flatMap(faultsOfFile)]
}

const OTHERS_READ = 0o004
const OTHERS_SEARCH = 0o001

/** Whatever phones ask for by name; what else lies about may be as private as it likes. */
function isForPhones({ path }: RootFile): boolean {
  const { kind } = readRequestedFile(path)
  return (kind !== 'other' && kind !== 'other-model') || /\.(?:pcm|raw)$/i.test(path)
}

function faultsOfFile({ path, mode, unread }: RootFile): readonly Finding[] {
  if (unread?.kind === 'outside') return [outside(path)]
  if (unread?.kind === 'failed') return [fault(path, `cannot be read: ${unread.reason}`)]
  if (unread?.kind === 'too-much') return [unlooked(path)]
  if (mode === null || (mode & OTHERS_READ) !== 0) return []
  return [fault(path, `has mode ${octal(mode)}: others cannot read it`)]
}

function fault(file: string, found: string): Finding {
  return finding({
    severity: 'fails',
    rule: 'permissions',
    file,
    found,
    phone:
      'The TFTP daemon runs as a user of its own and answers "access violation" or nothing; the phone ' +
      'goes on as if there were no such file.',
    remedy: 'chmod a+r on files, chmod a+rx on folders; the document itself says chmod 777.',
    source: document5455('Enable SIP Functionality'),
  })
}

function outside(file: string): Finding {
  return {
    ...fault(file, 'is a link out of this folder'),
    rule: 'link-outside',
    severity: 'warns',
    phone: 'A TFTP daemon that is confined to its folder (tftpd-hpa --secure) cannot follow it.',
    remedy: 'Put the file itself here.',
  }
}

function unlooked(file: string): Finding {
  return {
    ...fault(file, 'was not looked into: the files here are more than is read at once'),
    rule: 'not-read',
    severity: 'note',
    phone: 'Nothing is known of it but its name and size.',
    remedy: 'Look at it in a folder of its own.',
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, '0')
}
