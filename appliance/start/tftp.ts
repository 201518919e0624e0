import { TftpEndpoint } from '../../src/adapters/udp/tftp-endpoint.ts'
import type { FileAnswer } from '../../src/files/file-answer.ts'
import type { FileCache } from '../../src/files/file-cache.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Tracking } from '../../src/services/tracking/tracking.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { DEFAULT_RETRY_POLICY } from '../../src/tftp/retransmission-timer.ts'
import { TftpServer } from '../../src/tftp/tftp-server.ts'

/** What the TFTP server needs. */
export type TftpParts = {
  readonly settings: Settings
  readonly files: FileAnswer
  readonly cache: FileCache
  /** Whether this appliance answers the client now. */
  readonly answersNow: (client: Ipv4, nowMs: number) => boolean
  readonly tracking: Pick<Tracking, 'onTftpEvent'>
  readonly onFault: (fault: unknown) => void
  readonly nowMs: () => number
}

/** An Ethernet frame of 1500 bytes holds a block of this size and no larger one (RFC 2348). */
const MAX_BLOCK_SIZE = 1468
const MAX_WINDOW_SIZE = 64
/** A phone runs two transfers at once; more sockets than this cost more for each block than they give. */
const TRANSFER_SOCKETS = 16

/** Joins the TFTP engine with its sockets: one listener on each of our addresses. */
export function composeTftp(parts: TftpParts): TftpEndpoint {
  const { settings, files, cache, answersNow, tracking, onFault, nowMs } = parts
  const { tftp, networks } = settings
  const addresses = new Set<Ipv4>(networks.map(({ address }) => address))
  const { maxTransfersPerClient, maxTransfers } = tftp
  return new TftpEndpoint(
    {
      listeners: [...addresses].map((address) => ({ address, port: tftp.port })),
      transferPorts: tftp.transferPorts ?? null,
      transferSockets: TRANSFER_SOCKETS,
    },
    { onEvent: tracking.onTftpEvent.bind(tracking), onFault, clockMs: nowMs },
    (tids) =>
      new TftpServer(
        {
          clientSubnets: networks.map(({ subnet }) => subnet),
          retry: DEFAULT_RETRY_POLICY,
          maxBlockSize: MAX_BLOCK_SIZE,
          maxWindowSize: MAX_WINDOW_SIZE,
          maxTransfersPerClient,
          maxTransfers,
        },
        { files, holder: cache, tids, answersNow },
      ),
  )
}
