import { endianness } from 'node:os'
import type { Libc } from '../../src/adapters/udp/native/libc.ts'
import { SystemCallError } from '../../src/adapters/udp/native/system-call-error.ts'

/** A descriptor as a test sees it. */
export type ScriptedDescriptor = {
  readonly domain: number
  readonly type: number
  readonly protocol: number
  readonly sent: { readonly bytes: Uint8Array; readonly address: Uint8Array }[]
  bound: Uint8Array | undefined
  filter: Uint8Array | undefined
  isOpen: boolean
  /** Hands datagrams to whoever watches; an error code makes receiving fail. */
  readonly receive: (...datagrams: (Uint8Array | string)[]) => void
}

/** The C library without a system behind it: remembers what is done, fails when told to. */
export class ScriptedLibc implements Libc {
  readonly descriptors = new Map<number, ScriptedDescriptor>()
  readonly options: { descriptor: number; option: number; value: Uint8Array }[] = []
  readonly interfaces = new Map([['lo', 1]])
  /** Code of the error that a call fails with; by call. */
  readonly failures = new Map<keyof Libc, string>()
  readonly #waiting = new Map<number, (Uint8Array | string)[]>()
  readonly #watchers = new Map<number, () => void>()
  #next = 100

  get openCount(): number {
    return [...this.descriptors.values()].filter(({ isOpen }) => isOpen).length
  }

  socket(domain: number, type: number, protocol: number): number {
    this.#mayFail('socket')
    const number = this.#next++
    const receive = (...datagrams: (Uint8Array | string)[]) => {
      this.#waiting.set(number, datagrams)
      this.#watchers.get(number)?.()
    }
    const state: ScriptedDescriptor = {
      domain,
      type,
      protocol,
      sent: [],
      bound: undefined,
      filter: undefined,
      isOpen: true,
      receive,
    }
    this.descriptors.set(number, state)
    return number
  }

  setsockopt(descriptor: number, option: number, value: Uint8Array): void {
    this.#mayFail('setsockopt')
    this.options.push({ descriptor, option, value })
  }

  attachFilter(descriptor: number, program: Uint8Array): void {
    this.#mayFail('attachFilter')
    this.#stateOf(descriptor).filter = program
  }

  bind(descriptor: number, socketAddress: Uint8Array): void {
    this.#mayFail('bind')
    this.#stateOf(descriptor).bound = socketAddress
  }

  sendto(descriptor: number, bytes: Uint8Array, socketAddress: Uint8Array): void {
    this.#mayFail('sendto')
    this.#stateOf(descriptor).sent.push({ bytes, address: socketAddress })
  }

  receive(descriptor: number, buffer: Uint8Array): number | undefined {
    const next = this.#waiting.get(descriptor)?.shift()
    if (next === undefined) return undefined
    if (typeof next === 'string') throw new SystemCallError('recv', next)
    buffer.set(next)
    return next.length
  }

  /** Hardware addresses by interface and address, as the question names them. */
  readonly arp = new Map<string, readonly number[]>()

  askArp(descriptor: number, request: Uint8Array): boolean {
    this.#stateOf(descriptor)
    const name = Buffer.from(request.subarray(52)).toString('latin1').replaceAll('\0', '')
    const hardware = this.arp.get(`${name} ${request.subarray(4, 8).join('.')}`)
    if (hardware === undefined) return false
    const view = new DataView(request.buffer)
    const isLittle = endianness() === 'LE'
    view.setUint16(16, 1, isLittle)
    view.setUint32(32, hardware.length === 6 ? 2 : 0, isLittle)
    request.set(hardware, 18)
    return true
  }

  close(descriptor: number): void {
    this.#stateOf(descriptor).isOpen = false
  }

  lock(): boolean {
    return true
  }

  trimMemory(): void {}

  leaveNetwork(): void {
    this.#mayFail('leaveNetwork')
  }

  interfaceIndex(interfaceName: string): number {
    const index = this.interfaces.get(interfaceName)
    if (index === undefined) throw new SystemCallError('if_nametoindex', 'ENODEV')
    return index
  }

  watch(descriptor: number, onReadable: () => void) {
    this.#mayFail('watch')
    this.#watchers.set(descriptor, onReadable)
    return { end: () => void this.#watchers.delete(descriptor) }
  }

  #mayFail(call: keyof Libc): void {
    const code = this.failures.get(call)
    if (code !== undefined) throw new SystemCallError(call, code)
  }

  /** A closed descriptor may be somebody else's by now: using it is a fault of ours. */
  #stateOf(descriptor: number): ScriptedDescriptor {
    const state = this.descriptors.get(descriptor)
    if (state?.isOpen !== true) throw new Error(`descriptor ${descriptor} is not open`)
    return state
  }
}
