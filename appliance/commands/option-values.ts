import { InvalidArgumentError } from 'commander'

/** The largest value: a day in seconds. */
const MAX = 86_400

/**
 * Reads an option that is a number above 0.
 *
 * @throws InvalidArgumentError, which commander shows beside the option.
 */
export function readPositive(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= MAX) return value
  throw new InvalidArgumentError(`wanted a number above 0 and up to ${MAX}.`)
}

/** Reads an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
