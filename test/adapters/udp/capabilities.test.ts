import { readFileSync } from 'node:fs'
import t from 'tap'
import { findCapabilities } from '../../../src/adapters/udp/capabilities.ts'
import { ScriptedLibc } from '../../support/scripted-libc.ts'

t.test('with all rights nothing is missing', async (t) => {
  const libc = new ScriptedLibc()
  t.same(findCapabilities({ kind: 'ok', libc }), { rawFrames: true, sentences: [] })
  t.equal(libc.openCount, 0, 'what was opened for a try is closed')
})

t.test('without rights a sentence says which and what that means', async (t) => {
  const libc = new ScriptedLibc()
  libc.failures.set('socket', 'EPERM')
  const { rawFrames, sentences } = findCapabilities({ kind: 'ok', libc })
  t.equal(rawFrames, false)
  t.match(sentences[0], /CAP_NET_RAW.*broadcast/)
})

t.test('small receive buffers are said where the system limits them', async (t) => {
  const libc = new ScriptedLibc()
  libc.failures.set('setsockopt', 'EPERM')
  const { rawFrames, sentences } = findCapabilities({ kind: 'ok', libc })
  t.equal(rawFrames, true)
  const limit = Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'))
  t.equal(sentences.length, limit < 8_388_608 ? 1 : 0)
  for (const sentence of sentences) t.match(sentence, /CAP_NET_ADMIN.*rmem_max/)
  t.equal(libc.openCount, 0)
})

t.test('without the C library only relayed networks are served', async (t) => {
  const { rawFrames, sentences } = findCapabilities({ kind: 'missing', reason: 'a reason' })
  t.equal(rawFrames, false)
  t.match(sentences, [/a reason.*relayed: true/])
})
