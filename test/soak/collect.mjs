// For node --import: collects garbage every few seconds. What is then resident is what lives: without
// it a leak cannot be told from the garbage of the ten minutes between two full collections.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
if (isMainThread) setInterval(collect, 4000).unref()
