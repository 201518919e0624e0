import type { Trace, TraceEvent } from './read-trace.ts'

/**
 * Writes a trace in the form that `readTrace` reads: JSON lines, the header first and in it the key
 * `trace`, as in the field traces. What is null or false is left out.
 */
export function writeTrace({ name, header, events }: Trace): string {
  const first = Object.assign({ trace: name }, header, { trace: name })
  const lines = [first, ...events.map(written)]
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function written({ t, kind, name, port, ip, repeat, note }: TraceEvent) {
  return {
    t,
    kind,
    name,
    ...(port === null ? {} : { port }),
    ...(ip === null ? {} : { ip }),
    ...(repeat ? { repeat } : {}),
    ...(note === null ? {} : { note }),
  }
}
