import { Worker } from 'node:worker_threads'
import type { Subnet } from '../../net/subnet.ts'
import type { HallOrder, HallReport } from '../../tftp/hall-order.ts'
import type { FromHall, HallData, ToHall } from './hall-message.ts'

/** Whom the threads tell. */
export type HallThreadCallbacks = {
  /** A thread takes orders from now on, by a number that none had before. */
  readonly onOpened: (hall: number) => void
  readonly onReport: (hall: number, report: HallReport) => void
  /** A thread that was open has ended by itself. */
  readonly onLost: (hall: number) => void
  readonly onFault: (fault: unknown) => void
}

/** Between the end of a thread and the next one in its place, in milliseconds; doubled each time. */
const FIRST_RESTART_MS = 500
const LAST_RESTART_MS = 60_000

/** A thread makes hardly any garbage: a small heap is enough, and most of it would never be given back. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128 }

/** The threads that run transfers. One that ends is replaced; what it ran is lost. */
export class HallThreads {
  readonly #data: () => HallData
  readonly #callbacks: HallThreadCallbacks
  readonly #workers = new Map<number, Worker>()
  readonly #restarts = new Set<NodeJS.Timeout>()
  #lastHall = 0
  #isClosed = false

  /** @param data - What each of them is started with, read anew each time. */
  constructor(data: () => HallData, callbacks: HallThreadCallbacks) {
    this.#data = data
    this.#callbacks = callbacks
  }

  /** Starts so many threads; each is used when it is open, and not missed until then. */
  start(count: number): void {
    for (let started = 0; started < count; started++) this.#spawn(FIRST_RESTART_MS)
  }

  /** Threads that have not ended. */
  get running(): number {
    return this.#workers.size
  }

  /** Gives an order; to a thread that has ended it gives none. */
  order(hall: number, order: HallOrder): void {
    this.#send(hall, { kind: 'order', order })
  }

  /** Whose packets are answered from now on. */
  replaceClientSubnets(clientSubnets: readonly Subnet[]): void {
    for (const hall of this.#workers.keys())
      this.#send(hall, { kind: 'client-subnets', clientSubnets })
  }

  /** Ends a thread that does not answer; `onLost` tells of it, and another is started. */
  end(hall: number): void {
    void this.#workers.get(hall)?.terminate()
  }

  /** Ends all of them for good, silently. */
  close(): void {
    this.#isClosed = true
    for (const restart of this.#restarts) clearTimeout(restart)
    for (const worker of this.#workers.values()) void worker.terminate()
    this.#workers.clear()
  }

  #send(hall: number, message: ToHall): void {
    this.#workers.get(hall)?.postMessage(message)
  }

  #spawn(restartMs: number): void {
    const hall = ++this.#lastHall
    // Run from sources (tests) the thread has their extension, after a build the compiled one.
    const name = import.meta.url.endsWith('.ts') ? './hall-worker.ts' : './hall-worker.js'
    const worker = new Worker(new URL(name, import.meta.url), {
      name: `tftp ${hall}`,
      workerData: this.#data(),
      resourceLimits: RESOURCE_LIMITS,
    })
    let isOpen = false
    let why = ''
    this.#workers.set(hall, worker)
    worker.on('message', (message: FromHall) => {
      if (this.#isClosed) return
      if (message.kind === 'report') this.#callbacks.onReport(hall, message.report)
      else if (message.kind === 'fault') this.#callbacks.onFault(new Error(message.message))
      else {
        isOpen = true
        this.#callbacks.onOpened(hall)
      }
    })
    worker.on('error', (error) => {
      why = `: ${error.message}`
    })
    worker.on('exit', (code) => {
      this.#workers.delete(hall)
      if (this.#isClosed) return
      const wait = `another is started in ${restartMs} ms`
      const what = `a thread that sends TFTP files ended with code ${code}${why}`
      this.#callbacks.onFault(new Error(`${what}; phones ask again for what it sent, and ${wait}`))
      if (isOpen) this.#callbacks.onLost(hall)
      this.#restartAfter(restartMs)
    })
    worker.unref()
  }

  #restartAfter(delayMs: number): void {
    const restart = setTimeout(() => {
      this.#restarts.delete(restart)
      this.#spawn(Math.min(delayMs * 2, LAST_RESTART_MS))
    }, delayMs)
    this.#restarts.add(restart)
  }
}
