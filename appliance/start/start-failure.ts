import { SocketError } from '../../src/adapters/udp/socket-error.ts'

/** What an operator does about an error that kept the appliance from starting. */
export function explainStartFailure(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  const message = error instanceof Error ? error.message : String(error)
  // It says what to do already.
  if (error instanceof SocketError) return message
  const advice = typeof code === 'string' ? adviceFor(code, error) : undefined
  return advice === undefined ? message : `${message}. ${advice}`
}

function adviceFor(code: string, error: unknown): string | undefined {
  // The same code tells of a port and of a file; only the latter has a path.
  const path = error instanceof Error && ('path' in error || 'file' in error)
  return (path ? FILE_ADVICE : ADVICE)[code]
}

const DAMAGED =
  'The file is damaged; nothing was written to it. Move it away, keep it, and restore the last backup ' +
  'to its place: switchhook restore BACKUP --data-dir FOLDER. Without a backup the appliance ' +
  'starts with an empty folder: phones, profiles and firmware must be entered again.'

const FILE_ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'The user that runs this process needs read and write permission: check owner and mode.',
  EROFS: 'The file system is read-only: set dataDir and api.tokenFile to a writable folder.',
  ENOSPC: 'The disk is full: free some space, then start again.',
  SQLITE_FULL: 'The disk is full: free some space, then start again.',
  SQLITE_NOTADB: DAMAGED,
  SQLITE_CORRUPT: DAMAGED,
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program uses that port: stop it, or set another port in the configuration.',
  EACCES: 'Ports below 1024 need a privilege: run as root, or grant CAP_NET_BIND_SERVICE.',
  EADDRNOTAVAIL:
    'That address is not assigned to an interface of this host: check networks[].address.',
}
