/** Why a file could not be read or written, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file or folder'
  if (code === 'EACCES') return 'permission denied'
  if (code === 'EEXIST') return 'a file of that name exists already'
  if (code === 'EROFS') return 'its file system is read-only'
  if (code === 'ENOTDIR') return 'it is not a folder'
  return code === 'EISDIR' ? 'it is a folder' : message
}
