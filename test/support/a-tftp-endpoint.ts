import type { Test } from 'tap'
import { steadyClock } from '../../src/adapters/clock/steady-clock.ts'
import {
  TftpEndpoint,
  type TftpEndpointSettings,
  type TftpListener,
} from '../../src/adapters/udp/tftp-endpoint.ts'
import { FileCache } from '../../src/files/file-cache.ts'
import { FileNames } from '../../src/files/file-name.ts'
import { type Ipv4, parseIpv4 } from '../../src/net/ipv4.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import type { TftpEvent } from '../../src/tftp/events.ts'
import { DEFAULT_RETRY_POLICY } from '../../src/tftp/retransmission-timer.ts'
import { TftpServer, type TftpServerSettings } from '../../src/tftp/tftp-server.ts'

export const LOOPBACK = parseIpv4('127.0.0.1') as Ipv4

/** What a test wants otherwise. */
export type EndpointOptions = Partial<TftpEndpointSettings & TftpServerSettings>

/** An endpoint on loopback that serves files to all of 127/8. */
export function aTftpEndpoint(
  files: Readonly<Record<string, Uint8Array>>,
  options: EndpointOptions = {},
) {
  const events: TftpEvent[] = []
  const faults: unknown[] = []
  const cache = new FileCache(1 << 28)
  const names = new FileNames(
    Object.entries(files).map(([name, bytes]) => [name, cache.put(bytes)] as const),
  )
  const answer = (requestedName: string) => {
    const found = names.find(requestedName)
    if (found === undefined) return { kind: 'absent', mac: null } as const
    return { kind: 'file', name: found.name, file: found.value, mac: null } as const
  }
  const settings = {
    listeners: [{ address: LOOPBACK, port: 0 }],
    transferPorts: null,
    transferSockets: 4,
    clientSubnets: [parseSubnet('127.0.0.0/8') as Subnet],
    maxTransfersPerClient: 100,
    maxTransfers: 1000,
    maxBlockSize: 65_464,
    maxWindowSize: 64,
    retry: DEFAULT_RETRY_POLICY,
    ...options,
  }
  const callbacks = {
    onEvent: (event: TftpEvent) => void events.push(event),
    onFault: (fault: unknown) => void faults.push(fault),
    clockMs: steadyClock(),
  }
  const fileAnswer = {
    answer: ({ requestedName }: { requestedName: string }) => answer(requestedName),
    ownerAt: () => null,
  }
  const endpoint = new TftpEndpoint(
    settings,
    callbacks,
    (tids) => new TftpServer(settings, { files: fileAnswer, holder: cache, tids }),
  )
  return { endpoint, events, faults }
}

/** The same, open until the test ends. */
export async function anOpenTftpEndpoint(
  t: Test,
  files: Readonly<Record<string, Uint8Array>>,
  options: EndpointOptions = {},
) {
  const made = aTftpEndpoint(files, options)
  t.teardown(() => made.endpoint.close())
  const listeners = await made.endpoint.open()
  return { ...made, listener: listeners[0] as TftpListener, listeners }
}
