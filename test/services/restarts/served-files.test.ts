import t from 'tap'
import type { BootState } from '../../../src/conversion/boot-state.ts'
import { type CachedFile, makeCachedFile } from '../../../src/files/file-cache.ts'
import { ServedFiles, watchAnswers } from '../../../src/services/restarts/served-files.ts'
import { PHONE } from '../../support/restart-facts.ts'

const file = (text: string) => makeCachedFile(Buffer.from(text, 'latin1'))
const OWN = `SIP${PHONE}.cnf`

t.test('what the phone was served counts, not what an operator has edited since', async (t) => {
  let now = 'telnet_level: "1"\nphone_password: "old"\n'
  const served = new ServedFiles((_mac, name) => (name === OWN ? file(now) : undefined))
  t.match(served.settingsOf(PHONE), { telnet: { level: 1, password: 'old' } }, 'none served yet')
  served.onServed(PHONE, OWN, file(now))
  now = 'telnet_level: "2"\nphone_password: "new"\n'
  t.match(served.settingsOf(PHONE), { telnet: { level: 1, password: 'old' } })
  served.onServed(PHONE, OWN, file(now))
  t.match(served.settingsOf(PHONE), { telnet: { level: 2, password: 'new' } })
  served.forget(PHONE)
  now = ''
  t.same(served.settingsOf(PHONE), { line: null, telnet: null })
})

t.test('the own file goes before that of all phones, and other files say nothing', async (t) => {
  const served = new ServedFiles(() => undefined)
  served.onServed(PHONE, 'SIPDefault.cnf', file('telnet_level: "2"\nline1_name: "1000"\n'))
  t.same(served.settingsOf(PHONE), { line: '1000', telnet: { level: 2, password: 'cisco' } })
  served.onServed(PHONE, OWN, file('line1_name: ""\nline2_name: "1202"\ntelnet_level: "0"\n'))
  served.onServed(PHONE, 'RINGLIST.DAT', file('line1_name: "x"\n'))
  t.same(served.settingsOf(PHONE), { line: '1202', telnet: null })
})

t.test('files of the cache lie on shared memory and can be read', async (t) => {
  const bytes = new Uint8Array(4)
  const shared = { ...file('x'), bytes } as CachedFile
  const served = new ServedFiles(() => shared)
  t.same(served.settingsOf(PHONE), { line: null, telnet: null })
})

t.test('what a phone is served is remembered, and its first request is a restart', async (t) => {
  const done: unknown[] = []
  const answers = {
    a: { kind: 'file', name: 'a', file: file('x'), mac: PHONE },
    b: { kind: 'absent', mac: PHONE },
    c: { kind: 'absent', mac: null },
    d: { kind: 'silence' },
  } as const
  const files = {
    answer: ({ requestedName }: { requestedName: string }) =>
      answers[requestedName as keyof typeof answers],
    ownerAt: () => PHONE,
  }
  const watched = watchAnswers(files, {
    served: { onServed: (mac, name) => done.push(['served', mac, name]) },
    engine: { boot: () => ({ startedAtMs: 7 }) as BootState },
    restarts: { onSighting: (mac, { kind }, atMs) => done.push([kind, mac, atMs]) },
  })
  for (const [atMs, requestedName] of ['b', 'a', 'c', 'd'].entries()) {
    const request = { client: 1 as never, clientPort: 1, requestedName, atMs: 7 + atMs }
    t.equal(watched.answer(request), answers[requestedName as keyof typeof answers])
  }
  t.same(done, [
    ['file-requests', PHONE, 7],
    ['served', PHONE, 'a'],
  ])
  t.equal(watched.ownerAt(1 as never, 0), PHONE)
})
