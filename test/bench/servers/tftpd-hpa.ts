import { SERVER } from '../lab/bench-network.ts'
import { packageVersionOf, pathOf } from '../lab/machine.ts'
import type { FoundServer } from './bench-server.ts'

/** tftpd-hpa: a process for each transfer. */
export function tftpdHpa(): FoundServer {
  const program = pathOf('in.tftpd')
  if (program === null) return { kind: 'missing', why: 'hpa: package tftpd-hpa' }
  return {
    kind: 'found',
    server: {
      name: 'hpa',
      version: `tftpd-hpa ${packageVersionOf('tftpd-hpa')}, a process for each transfer`,
      prepare: ({ filesDir }) => ({
        command: [program, '-L', '-4', '-a', `${SERVER.address}:69`, '-s', filesDir],
      }),
    },
  }
}
