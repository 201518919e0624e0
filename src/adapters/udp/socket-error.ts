import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { codeOf } from '../../services/error-code.ts'

/** What is needed to tell which socket an error is about. */
type Wanted = {
  readonly address: Ipv4
  readonly port: number
  readonly interfaceName: string | null
}

/** A socket could not be had. The message says what was found and what to do; `code` is stable. */
export class SocketError extends Error {
  override readonly name = 'SocketError'
  /** The operating system's code, such as `EADDRINUSE`, or `NO_NATIVE`. */
  readonly code: string

  private constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }

  /** An interface of its own was asked for where that cannot be had. */
  static noInterfaces(interfaceName: string, reason: string): SocketError {
    return new SocketError(
      'NO_NATIVE',
      `a socket cannot be bound to interface ${interfaceName} alone, because ${reason}. ` +
        'Networks with `relayed: true` still work; for the others run on Linux with koffi installed',
    )
  }

  /** Simulated phones cannot be plugged into an interface. */
  static ofPlugging(interfaceName: string, cause: unknown): SocketError {
    const said = cause instanceof Error ? cause.message : String(cause)
    return new SocketError(
      codeOf(cause),
      `no phone can be plugged into interface ${interfaceName}: ${said}. It must be an Ethernet ` +
        'interface that supports macvlan devices; this needs root, or CAP_SYS_ADMIN, CAP_NET_ADMIN, ' +
        'CAP_NET_RAW and CAP_NET_BIND_SERVICE',
      cause,
    )
  }

  /** Making or binding a socket failed. */
  static ofBind(wanted: Wanted, code: string, cause: unknown): SocketError {
    const { address, port, interfaceName } = wanted
    const place = interfaceName === null ? '' : ` on interface ${interfaceName}`
    const what = `UDP ${formatIpv4(address)} port ${port}${place}`
    return new SocketError(code, `${what}: ${remedyFor(code, wanted, cause)}`, cause)
  }
}

function remedyFor(code: string, { address, port, interfaceName }: Wanted, cause: unknown): string {
  switch (code) {
    case 'EADDRINUSE':
      return (
        'another program uses the port. Find it with `ss -lunp` and stop it: ' +
        'often it is dnsmasq, dhcpd, Kea, a TFTP server, or another process of Switchhook'
      )
    case 'EACCES':
    case 'EPERM':
      return (
        `permission denied for ${port < 1024 ? 'a port below 1024' : 'this socket'}. ` +
        'Give the process CAP_NET_BIND_SERVICE, or run it as root'
      )
    case 'ENODEV':
    case 'ENXIO':
      return `there is no interface ${interfaceName}. \`ip link\` lists the interfaces`
    case 'EADDRNOTAVAIL':
      return (
        `${formatIpv4(address)} is not assigned to this host. ` +
        'Add it with `ip address add`, or correct `address` of the network'
      )
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}
