// Imports the modules that are named as arguments and prints, as JSON, what they did to the world
// while they were imported. What packages do is theirs; what Node does is Node's.
import { createRequire, syncBuiltinESMExports } from 'node:module'

const require = createRequire(import.meta.url)
const deeds = []

/** Calls into the world, by module; `process` and the timers are not imported. */
const WATCHED = {
  fs: ['readFileSync', 'readFile', 'openSync', 'open', 'readdirSync', 'existsSync', 'statSync'],
  'fs/promises': ['readFile', 'open', 'readdir', 'stat', 'mkdir', 'writeFile'],
  net: ['createServer', 'connect', 'createConnection'],
  dgram: ['createSocket'],
  http: ['createServer', 'request'],
  child_process: ['spawn', 'spawnSync', 'exec', 'execFile', 'fork'],
}

for (const [module, names] of Object.entries(WATCHED)) watch(require(module), names, module)
watch(globalThis, ['setTimeout', 'setInterval', 'setImmediate', 'fetch'], 'global')
watch(process, ['on', 'once', 'exit', 'chdir'], 'process')
syncBuiltinESMExports()
process.env = new Proxy(process.env, {
  get(target, name) {
    note(`process.env.${String(name)}`)
    return Reflect.get(target, name)
  },
})

for (const url of process.argv.slice(2)) await import(url)
process.stdout.write(JSON.stringify(deeds))

function watch(owner, names, module) {
  for (const name of names) {
    const original = owner[name]
    owner[name] = function watched(...args) {
      note(`${module}.${name}`)
      return original.apply(this, args)
    }
  }
}

/** Notes a deed if a file of ours did it: the nearest caller that is neither Node nor this file. */
function note(deed) {
  const frames = (new Error().stack ?? '').split('\n').slice(1)
  const caller = frames.find(
    (frame) => !frame.includes('node:') && !frame.includes(import.meta.url),
  )
  if (caller === undefined || caller.includes('/node_modules/')) return
  deeds.push(`${deed} ${caller.trim()}`)
}
