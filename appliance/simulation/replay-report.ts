import type { AnswerHere, ReplayedRequest } from '../../src/simulator/trace-replay.ts'

/** What a replay shows: one line, then one for each request that was answered otherwise than in the trace. */
export function replayText(name: string, requests: readonly ReplayedRequest[]): string {
  const different = requests.filter(({ isDifferent }) => isDifferent)
  const head = `${name}: ${requests.length} requests, ${different.length} answered otherwise than in the trace`
  return [head, ...different.map(lineOf)].join('\n')
}

/** The same as data, all requests included. */
export function replayData(name: string, requests: readonly ReplayedRequest[]) {
  const different = requests.filter(({ isDifferent }) => isDifferent).length
  return { trace: name, asTraced: different === 0, different, requests }
}

function lineOf({ t, name, port, inTrace, here }: ReplayedRequest): string {
  const from = port === null ? '' : ` from port ${port}`
  return `  at ${t} s ${name}${from}: in the trace ${WORDS[inTrace]}, here ${wordsOf(here)}`
}

const WORDS: Readonly<Record<ReplayedRequest['inTrace'], string>> = {
  file: 'the file',
  error: 'an ERROR',
  answered: 'an answer',
  unheard: 'unheard',
  'given-up': 'given up in mid-file',
  unknown: 'not told',
}

function wordsOf(here: AnswerHere): string {
  switch (here.kind) {
    case 'file':
      return `a file of ${here.sizeBytes} bytes`
    case 'error':
      return here.detail
    case 'begun':
      return 'a file that did not end'
    case 'silence':
      return 'nothing'
    default:
      return here satisfies never
  }
}
