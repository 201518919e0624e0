import type { Problem } from './problem.ts'

/** What a rule found. A warning may work, and is likely not what the operator meant. */
export type Finding = Problem & { readonly kind: 'problem' | 'warning' }

/** Something that cannot work. */
export function problem(path: string, message: string): Finding {
  return { kind: 'problem', path, message }
}

/** Something that works, and is likely not what was meant. */
export function warning(path: string, message: string): Finding {
  return { kind: 'warning', path, message }
}
