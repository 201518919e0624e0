/** Where a TCP server listens. */
export type ListenAddress = {
  /** An IPv4 or IPv6 address without brackets, or a host name. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

const IPV6 = /^\[([0-9A-Fa-f:.]{2,45})\]:(\d{1,5})$/
const NAME_OR_IPV4 = /^([0-9A-Za-z][0-9A-Za-z.-]{0,252}):(\d{1,5})$/

/**
 * Reads `127.0.0.1:8067`, `localhost:8067` or `[::1]:8067`.
 *
 * @returns Where to listen, or undefined where the text is none of these.
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, host = '', digits = ''] = IPV6.exec(text) ?? NAME_OR_IPV4.exec(text) ?? []
  const port = Number(digits)
  return host !== '' && port <= 65535 ? { host, port } : undefined
}

/** Prints it as it may be written in a configuration. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Whether only programs on this machine can reach it. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
