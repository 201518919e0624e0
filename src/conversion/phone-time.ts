/**
 * Windows of phone time. Every rule about phones is written for a phone at its real speed; phones
 * that are simulated may run faster (`conversions.phoneSpeed`), and each window shrinks with them.
 */
export type PhoneTime = {
  /** How many times faster than a real phone; 1 to 50. */
  readonly speed: number
}

/** A real phone. */
export const REAL_TIME: PhoneTime = { speed: 1 }

/** Milliseconds of the clock that `phoneMs` of a phone's time take. */
export function clockMs({ speed }: PhoneTime, phoneMs: number): number {
  return phoneMs / speed
}

/** Milliseconds of phone time between two times of the clock. */
export function phoneMsBetween({ speed }: PhoneTime, fromMs: number, toMs: number): number {
  return (toMs - fromMs) * speed
}
