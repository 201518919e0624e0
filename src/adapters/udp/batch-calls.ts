import { endianness } from 'node:os'
import type { Libc, LoadedLibc } from './native/libc.ts'

/**
 * The system calls that move many datagrams at once. Addresses of memory are plain numbers; each
 * call returns what the system returned, -1 for a failure whose number `errno` tells.
 */
export interface BatchCalls {
  epollCreate(flags: number): number
  epollControl(epoll: number, operation: number, descriptor: number, event: number): number
  epollWait(epoll: number, events: number, maxEvents: number, timeoutMs: number): number
  receiveMany(descriptor: number, messages: number, count: number, flags: number): number
  sendMany(descriptor: number, messages: number, count: number, flags: number): number
  localPort(descriptor: number): number
  /** Where the bytes of a view are; they stay there as long as the view is referred to. */
  addressOf(bytes: Uint8Array): number
  /** The name of the last failure, such as `EAGAIN`. */
  errno(): string
}

/** The C library and the calls for many datagrams. */
export type NativeCalls = { readonly libc: Libc; readonly calls: BatchCalls }

/** The same, or in words why not. */
export type LoadedBatchCalls =
  | ({ readonly kind: 'ok' } & NativeCalls)
  | { readonly kind: 'missing'; readonly reason: string }

/** Makes the calls of a C library that was loaded, where their layouts are known. */
export async function loadBatchCalls(loaded: LoadedLibc): Promise<LoadedBatchCalls> {
  if (loaded.kind === 'missing') return loaded
  // The layouts of `message-batch.ts` are those of 64-bit Linux in this order of bytes.
  if (!['x64', 'arm64'].includes(process.arch) || endianness() !== 'LE') {
    return { kind: 'missing', reason: `layouts for ${process.arch} are not known` }
  }
  return { kind: 'ok', libc: loaded.libc, calls: callsOf(await import('koffi')) }
}

function callsOf(koffi: typeof import('koffi')): BatchCalls {
  const library = koffi.load(null)
  const getsockname = library.func(
    'int getsockname(int fd, _Out_ uint8_t *address, _Inout_ uint32_t *length)',
  )
  const receiveMany = library.func(
    'int recvmmsg(int fd, uintptr_t messages, uint32_t count, int flags, uintptr_t timeout)',
  )
  const numbers = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]))
  return {
    epollCreate: library.func('int epoll_create1(int flags)'),
    epollControl: library.func('int epoll_ctl(int epoll, int operation, int fd, uintptr_t event)'),
    epollWait: library.func('int epoll_wait(int epoll, uintptr_t events, int count, int timeout)'),
    receiveMany: (descriptor, messages, count, flags) =>
      receiveMany(descriptor, messages, count, flags, 0),
    sendMany: library.func('int sendmmsg(int fd, uintptr_t messages, uint32_t count, int flags)'),
    localPort(descriptor) {
      const address = new Uint8Array(16)
      getsockname(descriptor, address, [address.length])
      return new DataView(address.buffer).getUint16(2)
    },
    addressOf: (bytes) => Number(koffi.address(bytes)),
    errno() {
      const number = koffi.errno()
      return numbers.get(number) ?? `errno ${number}`
    },
  }
}
