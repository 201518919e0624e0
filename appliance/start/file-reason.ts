/** Why a file could not be read or written, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'no such file or folder'
  if (code === 'EACCES') return 'permission denied'
  if (code === 'EEXIST') return 'a file with that name exists already'
  if (code === 'EROFS') return 'the file system is read-only'
  if (code === 'ENOTDIR') return 'not a directory'
  return code === 'EISDIR' ? 'is a directory' : message
}
