import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'

/** What an operator may want to know of the TFTP server. Times in milliseconds, sizes in bytes. */
export type TftpEvent =
  | TransferStarted
  | TransferProgress
  | TransferEnded
  | RequestAbsent
  | RequestRefused
  | RequestIgnored
  | PacketDropped

type Client = {
  readonly client: Ipv4
  readonly clientTid: number
  readonly atMs: number
}

/** The enrolled phone that the client was when it asked; null for any other. */
type Identified = { readonly mac: Mac | null }

type Transfer = Client &
  Identified & {
    /** The canonical name of what is served. */
    readonly name: string
    /** Bytes that will travel: of the netascii form where that was asked for. */
    readonly sizeBytes: number
  }

/**
 * A client asked for a file and is being sent it. Nothing to do. When it is followed by
 * `never-acknowledged`, the replies do not reach the client: see there.
 */
export type TransferStarted = Transfer & {
  readonly event: 'tftp.transfer.started'
  /** As the client spelled it. */
  readonly requestedName: string
  readonly sha256: string
  readonly mode: 'octet' | 'netascii'
  readonly blockSize: number
  readonly windowSize: number
}

/**
 * A running transfer has come further; at most four times a second and transfer. Nothing to do;
 * progress bars live on it.
 */
export type TransferProgress = Transfer & {
  readonly event: 'tftp.transfer.progress'
  /** Bytes that the client has acknowledged. */
  readonly bytes: number
}

/**
 * A transfer is over; one line for each. `complete` means that the client acknowledged the last
 * block. After `never-acknowledged` look for a firewall or address translation that drops replies
 * from a new port (RFC 1350 section 4). After `timed-out` look for a phone that was unplugged or a
 * lossy link; many `repeats` with `complete` tell of the latter, too. After `client-error` read
 * `clientError`: the client gave up and says why.
 */
export type TransferEnded = Transfer & {
  readonly event: 'tftp.transfer.ended'
  readonly outcome: TransferOutcome
  /** Bytes that the client has acknowledged. */
  readonly bytes: number
  /** From the request to the end. */
  readonly ms: number
  /** Packets that had to be sent again. */
  readonly repeats: number
  readonly clientError: { readonly code: number; readonly message: string } | null
}

/** How a transfer ended. */
export type TransferOutcome =
  /** The last block was acknowledged (RFC 1350 section 6). */
  | 'complete'
  /** The client acknowledged something and then fell silent. */
  | 'timed-out'
  /** The client never acknowledged anything. */
  | 'never-acknowledged'
  /** The client sent ERROR. */
  | 'client-error'
  /** The client began again from the same port. */
  | 'restarted'
  /** Never acknowledged, and its place was needed. */
  | 'displaced'
  /** The server was stopped. */
  | 'stopped'

/**
 * A client asked for a name that does not exist for it and was told so (ERROR 1). Phones ask for
 * several optional names at each boot; a load or image among them is a missing file.
 */
export type RequestAbsent = Client &
  Identified & {
    readonly event: 'tftp.request.absent'
    readonly requestedName: string
  }

/**
 * A client asked for something that this server never does: writing, or a mode such as `mail`.
 * Look at what that client is; a phone does not do this.
 */
export type RequestRefused = Client & {
  readonly event: 'tftp.request.refused'
  readonly requestedName: string
  readonly reason: 'write' | 'mode'
}

/**
 * A packet to the listening port got no transfer. Some are normal (a repeated request); many
 * `malformed` or `not-a-client` tell of a scan, many `too-many-transfers` of a client that does not
 * finish what it begins or of limits that are too low. Reported a few times a second at most;
 * counters have all of them.
 */
export type RequestIgnored = Client & {
  readonly event: 'tftp.request.ignored'
  readonly reason: RequestDrop
}

/** Why a packet to the listening port got no transfer and, unless said otherwise, no reply. */
export type RequestDrop =
  /** From outside the configured networks. */
  | 'not-a-client'
  /** Another appliance answers on this network: counted, and no event. */
  | 'left-to-owner'
  /** The files have nothing to say to this client. */
  | 'silenced'
  /** No packet at all, or with an unknown opcode. */
  | 'not-a-packet'
  /** A request whose fields are wrong; ERROR 4. */
  | 'malformed-request'
  /** DATA, ACK or OACK; ERROR 4. */
  | 'not-a-request'
  /** ERROR is never answered (RFC 1350 section 7). */
  | 'error'
  /** The same request again while its transfer begins. */
  | 'repeated-request'
  | 'too-many-transfers'

/**
 * A packet to a transfer's port moved nothing. `stale-ack` is normal on a lossy link; `unknown-tid`
 * in numbers tells of address translation that changes ports, or of a device that guesses. Reported
 * a few times a second at most; counters have all of them.
 */
export type PacketDropped = Client & {
  readonly event: 'tftp.packet.dropped'
  readonly reason: TransferDrop
}

/** Why a packet to a transfer's port moved nothing. */
export type TransferDrop =
  /** No running transfer has this pair of ports; ERROR 5 (RFC 1350 section 4). */
  | 'unknown-tid'
  /** The transfer has just ended; no reply. */
  | 'late'
  /** An acknowledgement that has been counted already (RFC 1123 section 4.2.3.1). */
  | 'stale-ack'
  /** An acknowledgement of what was not sent. */
  | 'future-ack'
  /** Neither ACK nor ERROR, or no packet at all. */
  | 'not-an-ack'

/** Every reason, by which packets are counted. */
export type DropReason = RequestDrop | TransferDrop
