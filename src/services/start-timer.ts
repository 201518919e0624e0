/**
 * Starts a timer that calls once after `delayMs`; the function that it returns stops the timer.
 *
 * A port: services own no timer. `delayMs` is at most 2,147,483,647 (about 24 days).
 *
 * @param keepsAlive - False: the timer alone does not keep the process running.
 */
export type StartTimer = (call: () => void, delayMs: number, keepsAlive: boolean) => () => void
