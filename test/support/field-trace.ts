import { readdirSync, readFileSync } from 'node:fs'
import { readTrace, type Trace } from '../../src/wire/trace/read-trace.ts'

const FOLDER = new URL('../vectors/field/', import.meta.url)

/** The names of all field traces, without extension, in order of the alphabet. */
export function fieldTraceNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.slice(0, -'.jsonl'.length))
    .sort()
}

/** Reads one field trace of `test/vectors/field`. */
export function fieldTrace(name: string): Trace {
  return readTrace(readFileSync(new URL(`${name}.jsonl`, FOLDER), 'utf8'))
}
