import t from 'tap'
import { KNOWN_LOADS } from '../../../../src/phones/family/7940-7960/known-loads.ts'
import { compareFirmwareNames, parseFirmwareName } from '../../../../src/phones/firmware-name.ts'

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

t.test('every known load with the letter O in it is put right', async (t) => {
  for (const { load } of KNOWN_LOADS) {
    for (const text of [load.replace('0', 'O'), load.replaceAll('0', 'O')]) {
      const said = { kind: 'bad', fault: /letter O/, suggestion: load }
      t.match(parseFirmwareName(text), said, text)
    }
  }
})

t.test('every known load with dashes is put right with one digit more or less', async (t) => {
  const dashed = KNOWN_LOADS.filter(({ load }) => load.includes('-'))
  t.equal(dashed.length, 16, 'SIP 3.0 and later')
  for (const { load } of dashed) {
    const other = load.includes('3-0') ? load.replace('3-0', '3-') : load.replace('3-', '3-0')
    t.match(parseFirmwareName(other), { kind: 'bad', suggestion: load }, other)
  }
})
