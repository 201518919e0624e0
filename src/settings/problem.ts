/** Something in the configuration that is for the operator to put right. */
export type Problem = {
  /** Where it is, as in `networks[0].pool[1]`; empty for the file as a whole. */
  readonly path: string
  /** What was found and what was wanted, in words. */
  readonly message: string
  /** The line of the file, from 1, where that is known. */
  readonly line?: number
  /** Its column, from 1, where that is known. */
  readonly column?: number
}

/** The path of a key inside what `path` names. */
export function pathOfKey(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

/** The path of an item of the list that `path` names. */
export function pathOfItem(path: string, index: number): string {
  return `${path}[${index}]`
}

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
