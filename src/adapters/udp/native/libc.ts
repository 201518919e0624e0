import { SystemCallError } from './system-call-error.ts'

/** The system calls that Node has no word for. All throw {@link SystemCallError} on failure. */
export interface Libc {
  /** A new descriptor; the caller closes it, or passes it on to an owner that does. */
  socket(domain: number, type: number, protocol: number): number
  setsockopt(descriptor: number, option: number, value: Uint8Array): void
  /** Drops in the kernel what a program of the packet filter does not let through. */
  attachFilter(descriptor: number, program: Uint8Array): void
  bind(descriptor: number, socketAddress: Uint8Array): void
  sendto(descriptor: number, bytes: Uint8Array, socketAddress: Uint8Array): void
  /** One datagram into `buffer`; its length, or undefined where nothing waits. */
  receive(descriptor: number, buffer: Uint8Array): number | undefined
  /**
   * Lets the system fill in a `struct arpreq` (`arp-request.ts`), ioctl(2) with SIOCGARP; false where it
   * has no such entry, no such interface or no such call.
   */
  askArp(descriptor: number, request: Uint8Array): boolean
  close(descriptor: number): void
  /**
   * The calling thread leaves the network of this process for an empty one of its own: sockets that it
   * opens and programs that it starts from then on are in there.
   */
  leaveNetwork(): void
  /** The number of a network interface that exists now. */
  interfaceIndex(interfaceName: string): number
  /** Locks an open file for this process alone, flock(2); false where another has it. */
  lock(descriptor: number): boolean
  /** Memory that was freed goes back to the system, where the library can do so (glibc). */
  trimMemory(): void
  /** Calls `onReadable` while something waits to be received. Does not keep the process alive. */
  watch(descriptor: number, onReadable: () => void): Watch
}

/** Ends a {@link Libc.watch}; the descriptor is still to be closed. */
export type Watch = { readonly end: () => void }

/** The C library, or in words why it cannot be called. */
export type LoadedLibc =
  | { readonly kind: 'ok'; readonly libc: Libc }
  | { readonly kind: 'missing'; readonly reason: string }

/**
 * Makes the C library of this process callable, through the package koffi. Nothing is loaded before
 * the first call, and neither a missing package nor another system is an error.
 */
export async function loadLibc(): Promise<LoadedLibc> {
  if (process.platform !== 'linux') {
    return { kind: 'missing', reason: `${process.platform} is not Linux` }
  }
  try {
    return { kind: 'ok', libc: libcOf(await import('koffi')) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'missing', reason: `the package koffi cannot be loaded: ${message}` }
  }
}

const SOL_SOCKET = 1
const SO_ATTACH_FILTER = 26
const CLONE_NEWNET = 0x40000000
const LOCK_EX = 2
const LOCK_NB = 4
const SIOCGARP = 0x8954

/** Bytes of `struct sock_filter`. */
const INSTRUCTION_OCTETS = 8

/** From koffi's table, so that a number means the same on every machine. */
type ErrorNumbers = Readonly<Record<string, number>>

function libcOf(koffi: typeof import('koffi')): Libc {
  // No path: the C library that Node itself runs on, glibc or musl.
  const library = koffi.load(null)
  const call = {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    setsockopt: library.func(
      'int setsockopt(int fd, int level, int name, const uint8_t *value, uint32_t length)',
    ),
    bind: library.func('int bind(int fd, const uint8_t *address, uint32_t length)'),
    sendto: library.func(
      'intptr_t sendto(int fd, const uint8_t *bytes, size_t length, int flags, const uint8_t *address, uint32_t addressLength)',
    ),
    recv: library.func('intptr_t recv(int fd, _Out_ uint8_t *bytes, size_t length, int flags)'),
    close: library.func('int close(int fd)'),
    unshare: library.func('int unshare(int flags)'),
    interfaceIndex: library.func('uint32_t if_nametoindex(const char *name)'),
    flock: library.func('int flock(int fd, int operation)'),
    // Variadic in C, which makes no difference for a pointer on the processors of 64-bit Linux.
    ioctl: library.func('int ioctl(int fd, size_t request, _Inout_ uint8_t *value)'),
  }
  const trim = optional(() => library.func('int malloc_trim(size_t keep)'))
  const sockFprog = koffi.struct({ len: 'uint16_t', filter: 'const uint8_t *' })
  const attachFilter = library.func('setsockopt', 'int', [
    'int',
    'int',
    'int',
    koffi.pointer(sockFprog),
    'uint32_t',
  ])
  const failure = (name: string) => failureOf(name, koffi.errno(), koffi.os.errno)
  return {
    socket(domain, type, protocol) {
      const descriptor = call.socket(domain, type, protocol)
      if (descriptor < 0) throw failure('socket')
      return descriptor
    },
    setsockopt(descriptor, option, value) {
      const result = call.setsockopt(descriptor, SOL_SOCKET, option, value, value.length)
      if (result < 0) throw failure('setsockopt')
    },
    attachFilter(descriptor, program) {
      const value = { len: program.length / INSTRUCTION_OCTETS, filter: program }
      const octets = koffi.sizeof(sockFprog)
      const result = attachFilter(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, value, octets)
      if (result < 0) throw failure('setsockopt')
    },
    bind(descriptor, address) {
      if (call.bind(descriptor, address, address.length) < 0) throw failure('bind')
    },
    sendto(descriptor, bytes, address) {
      const sent = call.sendto(descriptor, bytes, bytes.length, 0, address, address.length)
      if (sent < 0) throw failure('sendto')
    },
    receive(descriptor, buffer) {
      const length = call.recv(descriptor, buffer, buffer.length, 0)
      if (length >= 0) return Number(length)
      const error = failure('recv')
      if (error.code === 'EAGAIN') return undefined
      throw error
    },
    askArp(descriptor, request) {
      return call.ioctl(descriptor, SIOCGARP, request) === 0
    },
    close(descriptor) {
      call.close(descriptor)
    },
    leaveNetwork() {
      if (call.unshare(CLONE_NEWNET) < 0) throw failure('unshare')
    },
    interfaceIndex(interfaceName) {
      const index = call.interfaceIndex(interfaceName)
      if (index === 0) throw failure('if_nametoindex')
      return index
    },
    lock(descriptor) {
      if (call.flock(descriptor, LOCK_EX | LOCK_NB) === 0) return true
      const error = failure('flock')
      if (error.code === 'EAGAIN' || error.code === 'EWOULDBLOCK') return false
      throw error
    },
    trimMemory() {
      trim?.(0)
    },
    watch(descriptor, onReadable) {
      const handle = koffi.node.poll(descriptor, { readable: true }, onReadable)
      handle.unref()
      return {
        end: () => {
          handle.stop()
          handle.close()
        },
      }
    },
  }
}

/** musl has not every function that glibc has. */
function optional<Function>(load: () => Function): Function | undefined {
  try {
    return load()
  } catch {
    return undefined
  }
}

function failureOf(name: string, errno: number, numbers: ErrorNumbers): SystemCallError {
  const found = Object.entries(numbers).find(([, number]) => number === errno)
  return new SystemCallError(name, found?.[0] ?? `errno ${errno}`)
}
