import type { BootingPhone, FileReply } from './boot-step.ts'

/**
 * Whether a universal loader that has been answered before takes this for a lost answer, and hunts
 * again, instead of for a server that has nothing for it (trace jh-i).
 */
export function isUnheard({ flash, quirks }: BootingPhone, reply: FileReply): boolean {
  const isLoader = flash.generation === 'ual' && quirks.huntsAgainWhenUnheard
  return isLoader && reply.kind === 'failed' && reply.reason === 'silence'
}
