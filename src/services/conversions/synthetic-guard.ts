import type { FileAnswer, FileAnswerResult, FileRequest } from '../../files/file-answer.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { SyntheticRule } from './synthetic-rule.ts'

/** A file that was kept from a client because it is synthetic. */
export type SyntheticRefusal = {
  readonly name: string
  readonly client: Ipv4
  readonly atMs: number
}

/**
 * The last check before the wire: a synthetic image is not found by a client that may be a real phone,
 * whichever way it came to be served (a set, a shared file, a conversion begun in a rehearsal).
 */
export function guardSynthetic(
  files: FileAnswer,
  rule: Pick<SyntheticRule, 'mayHave'>,
  onRefusal: (refusal: SyntheticRefusal) => void,
): FileAnswer {
  return {
    answer(request: FileRequest): FileAnswerResult {
      const answer = files.answer(request)
      if (answer.kind !== 'file' || rule.mayHave(request.client, answer.file)) return answer
      const { client, atMs } = request
      onRefusal({ name: answer.name, client, atMs })
      return { kind: 'absent', mac: answer.mac }
    },
    ownerAt: (client, atMs) => files.ownerAt(client, atMs),
  }
}
