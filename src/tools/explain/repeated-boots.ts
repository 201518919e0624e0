/** Boots of a run that are followed: the first ones, and as many last ones as anything is judged by. */
const FIRST_BOOTS = 8
const LAST_BOOTS = 48

/**
 * Which events of a phone need not be followed: where it has done exactly the same in dozens of boots, the
 * boots in the middle of the run change nothing. A log of months is full of them.
 *
 * @param shapes - What each event is; equal numbers for equal events, whenever they were.
 * @param isStart - Whether an event of that shape begins a boot.
 * @returns For each event, 1 where it may be passed over.
 */
export function repeatedBoots(
  shapes: Uint32Array,
  isStart: (shape: number) => boolean,
): Uint8Array {
  const passed = new Uint8Array(shapes.length)
  const boots: number[] = []
  for (const [at, shape] of shapes.entries()) if (isStart(shape)) boots.push(at)
  boots.push(shapes.length)
  let run = 0
  for (let boot = 1; boot < boots.length; boot++) {
    const isSame = boot + 1 < boots.length && sameBoot(shapes, boots, boot)
    if (isSame) continue
    passOver(passed, boots, { from: run + FIRST_BOOTS, to: boot - LAST_BOOTS })
    run = boot
  }
  return passed
}

/** Whether a boot is as the one before it. */
function sameBoot(shapes: Uint32Array, boots: readonly number[], boot: number): boolean {
  const [before = 0, begin = 0, end = 0] = [boots[boot - 1], boots[boot], boots[boot + 1]]
  if (end - begin !== begin - before) return false
  for (let at = 0; at < end - begin; at++) {
    if (shapes[begin + at] !== shapes[before + at]) return false
  }
  return true
}

function passOver(
  passed: Uint8Array,
  boots: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): void {
  if (to > from) passed.fill(1, boots[from], boots[to])
}
