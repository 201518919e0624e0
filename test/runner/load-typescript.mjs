// Lets Node import TypeScript: node --import ./test/runner/load-typescript.mjs test/net/ipv4.test.ts
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)
