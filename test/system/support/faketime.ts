import { existsSync, readdirSync } from 'node:fs'

/** Debian's library that sets the wall clock of a process; undefined if there is none. */
export function findFaketime(): string | undefined {
  return readdirSync('/usr/lib')
    .map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`)
    .find((file) => existsSync(file))
}
