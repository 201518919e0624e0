#!/usr/bin/env -S node --max-semi-space-size=4
import { buildProgram } from './program.ts'

// Without a command it serves the configuration that --config names, or else the demonstration.
await buildProgram().parseAsync(process.argv)
