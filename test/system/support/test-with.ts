import t, { type Test } from 'tap'
import { lackingForLab } from './lab.ts'

/** A test that needs these tools; a line of output says that it is left out where one is missing. */
export function testWith(
  tools: readonly string[],
  name: string,
  body: (t: Test) => Promise<void>,
): void {
  const lacking = lackingForLab(['ip', ...tools])
  if (lacking === '') t.test(name, body)
  else console.log(`# left out: ${name} (not here: ${lacking})`)
}
