import t from 'tap'
import { compareFirmwareNames, parseFirmwareName } from '../../src/phones/firmware-name.ts'
import { KNOWN_LOADS } from '../../src/phones/known-loads.ts'

t.test('every known load reads as the release that its source prints', async (t) => {
  for (const { load, release, source } of KNOWN_LOADS) {
    t.match(parseFirmwareName(load), { kind: 'ok', name: { text: load, release } }, load)
    t.ok(source.length > 0, `${load} has a source`)
  }
})

t.test('the list is in order and names no load twice', async (t) => {
  for (const protocol of ['sip', 'sccp']) {
    const names = KNOWN_LOADS.flatMap(({ load }) => {
      const parsed = parseFirmwareName(load)
      return parsed.kind === 'ok' && parsed.name.protocol === protocol ? [parsed.name] : []
    })
    t.ok(names.length > 15, `${protocol} loads are there`)
    t.same(names, [...names].sort(compareFirmwareNames), protocol)
  }
  t.equal(new Set(KNOWN_LOADS.map(({ load }) => load)).size, KNOWN_LOADS.length)
})
