import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

/** How often is looked whether a group that was told to end has ended, in milliseconds. */
const LOOK_EVERY_MS = 20

/** Once all writers have ended, what they wrote is read at once. */
const READ_REST_WITHIN_MS = 200

/**
 * SIGKILL is obeyed at once. What seems to be left then has ended, too, and its parent has not collected it: in a
 * container whose first process does not.
 */
const GIVE_UP_AFTER_MS = 500

/**
 * A program and all that it started, as long as they stay in its process group.
 *
 * A program that makes a group or a session of its own has left, and is the operator's.
 */
export class ProcessGroup {
  readonly #child: ChildProcess
  readonly #killAfterMs: number
  readonly #exit: Promise<number | null>
  readonly #closed: Promise<void>
  #ending: Promise<void> | undefined

  /** @param child - Spawned with `detached: true`, so that it leads a group. */
  constructor(child: ChildProcess, killAfterMs: number) {
    this.#child = child
    this.#killAfterMs = killAfterMs
    this.#closed = new Promise((resolve) => {
      child.on('close', () => resolve())
    })
    this.#exit = new Promise((resolve, reject) => {
      child.on('error', reject)
      // Not 'close': a grandchild that keeps the pipes open would hold it up for ever.
      child.on('exit', (code) => resolve(code))
    })
  }

  /** SIGTERM now, SIGKILL later to what is left of the group. */
  end(): void {
    this.#ending ??= this.#endAll()
  }

  /**
   * Waits until the program has ended, and then ends what it has left behind in its group.
   *
   * @returns The exit code; null where a signal ended it.
   * @throws What the system says where the program cannot be started.
   */
  async ended(): Promise<number | null> {
    const code = await this.#exit
    this.end()
    await this.#ending
    // A process that left the group may keep the pipes open: what is written then is not waited for.
    await Promise.race([this.#closed, delay(READ_REST_WITHIN_MS)])
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    return code
  }

  async #endAll(): Promise<void> {
    if (!this.#signal('SIGTERM') || (await this.#isGoneWithin(this.#killAfterMs))) return
    this.#signal('SIGKILL')
    await this.#isGoneWithin(GIVE_UP_AFTER_MS)
  }

  async #isGoneWithin(ms: number): Promise<boolean> {
    for (let waited = 0; waited < ms; waited += LOOK_EVERY_MS) {
      await delay(LOOK_EVERY_MS)
      if (!this.#signal(0)) return true
    }
    return false
  }

  /** False where nothing is left of the group. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    const { pid } = this.#child
    if (pid === undefined) return false
    try {
      return process.kill(-pid, signal)
    } catch {
      // ESRCH: no such group. EPERM cannot be: they are our own children.
      return false
    }
  }
}
