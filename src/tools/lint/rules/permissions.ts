import { readRequestedFile } from '../../../phones/requested-file.ts'
import { type Finding, finding } from '../finding.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'
import type { Owner, RootFile } from '../tftp-root.ts'

/** Files and folders that some TFTP daemon cannot read, or refuses to. */
export function findPermissionFaults({ root }: RootView): readonly Finding[] {
  const folders = root.folders.flatMap(({ path, mode, owner, unread }) => {
    if (unread !== null) return [unreadable(path, `cannot be listed: ${unread}`)]
    const isClosed = mode !== null && (mode & OTHERS_SEARCH) === 0
    return isClosed ? [closed(path, `has mode ${octal(mode)}: ${only(mode, owner, 'enter')}`)] : []
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

function faultsOfFile({ path, mode, owner, unread }: RootFile): readonly Finding[] {
  if (unread?.kind === 'outside') return [outside(path)]
  if (unread?.kind === 'no-file') return [noFile(path)]
  if (unread?.kind === 'failed') return [unreadable(path, `cannot be read: ${unread.reason}`)]
  if (unread?.kind === 'too-much') return [unlooked(path)]
  if (mode === null || (mode & OTHERS_READ) !== 0) return []
  return [closed(path, `has mode ${octal(mode)}: ${only(mode, owner, 'read')}`)]
}

/** Who may, by the two digits of a mode that are left. */
function only(mode: number, owner: Owner | undefined, what: 'read' | 'enter'): string {
  const bit = what === 'read' ? 4 : 1
  const may = [
    ...((mode & (bit << 6)) === 0
      ? []
      : [`its owner${owner === undefined ? '' : ` (user ${owner.uid})`}`]),
    ...((mode & (bit << 3)) === 0
      ? []
      : [`its group${owner === undefined ? '' : ` (${owner.gid})`}`]),
  ]
  return may.length === 0 ? `only root may ${what} it` : `only ${may.join(' and ')} may ${what} it`
}

function closed(file: string, found: string): Finding {
  return finding({
    severity: 'warns',
    rule: 'permissions',
    file,
    found,
    phone:
      'It works only if the TFTP server runs as such a user (dnsmasq and atftpd may). tftpd-hpa without ' +
      '--permissive serves only files that all users may read: the phone goes on as if there were no such file.',
    remedy: 'chmod a+r on files, chmod a+rx on folders; the document itself says chmod 777.',
    source: `${document5455('Enable SIP Functionality')}; tftpd(8) of tftpd-hpa, --permissive`,
  })
}

function noFile(file: string): Finding {
  return {
    ...closed(file, 'is no regular file'),
    severity: 'fails',
    phone: 'No TFTP daemon can serve it: the phone goes on as if there were no such file.',
    remedy: 'Put the file itself here.',
  }
}

/** This command may run as another user than the server. */
function unreadable(file: string, found: string): Finding {
  return {
    ...closed(file, found),
    phone:
      'What is in it was not looked at. A TFTP server that may read no more than who runs this command does not ' +
      'serve it, and the phone goes on as if there were no such file.',
    remedy:
      'Run the command as root or as the user of the server, or chmod a+r on files, a+rx on folders.',
  }
}

function outside(file: string): Finding {
  return {
    ...closed(file, 'is a link out of this folder'),
    rule: 'link-outside',
    severity: 'warns',
    phone: 'A TFTP daemon that is confined to its folder (tftpd-hpa --secure) cannot follow it.',
    remedy: 'Put the file itself here.',
  }
}

function unlooked(file: string): Finding {
  return {
    ...closed(file, 'was not looked into: the files here are more than is read at once'),
    rule: 'not-read',
    severity: 'note',
    phone: 'Nothing is known of it but its name and size.',
    remedy: 'Look at it in a folder of its own.',
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, '0')
}
