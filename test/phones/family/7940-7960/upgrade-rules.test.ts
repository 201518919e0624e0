import t from 'tap'
import { KNOWN_LOADS } from '../../../../src/phones/family/7940-7960/known-loads.ts'
import {
  RECOMMENDED_LOADS,
  UPGRADE_RULES,
} from '../../../../src/phones/family/7940-7960/upgrade-rules.ts'
import { parseFirmwareName } from '../../../../src/phones/firmware-name.ts'
import { isInRange } from '../../../../src/phones/legal-step.ts'

function known() {
  return KNOWN_LOADS.flatMap(({ load }) => {
    const parsed = parseFirmwareName(load)
    return parsed.kind === 'ok' ? [parsed.name] : []
  })
}

t.test('every rule has a name of its own, a reason and a public source', async (t) => {
  t.equal(new Set(UPGRADE_RULES.map(({ id }) => id)).size, UPGRADE_RULES.length)
  for (const { id, why, source } of UPGRADE_RULES) {
    t.match(why, /^[A-Z].*\.$/, id)
    t.match(source, /Cisco|field report/, id)
  }
})

t.test('Cisco document 5455: one-way is exactly what crosses from below 5.0 to 5.0', async (t) => {
  for (const { id, from, to, oneWay } of UPGRADE_RULES) {
    const before = known().filter((name) => isInRange(name, from))
    const after = known().filter((name) => isInRange(name, to))
    t.ok(before.length > 0 || id.startsWith('sip21'), `${id} starts from a known load`)
    t.ok(after.length > 0, `${id} leads to a known load`)
    for (const name of after) t.equal(name.signed, after[0]?.signed, `${id} has one kind of target`)
    const crosses = from.below <= 500 && after[0]?.signed === true
    t.equal(oneWay, crosses, id)
  }
})

t.test('no two rules allow the same step on one path', async (t) => {
  for (const path of ['cautious', 'direct']) {
    const rules = UPGRADE_RULES.filter((rule) => rule.path === path || rule.path === 'both')
    for (const from of known()) {
      for (const to of known()) {
        const fitting = rules.filter((rule) => isInRange(from, rule.from) && isInRange(to, rule.to))
        // Two rules may share their ranges where one is for the way up and one for the way down, or
        // one for short names and one for long ones.
        const ways = fitting.map(({ when }) => `${when.direction ?? when.eightThree ?? 'any'}`)
        const pairs = [['down', 'up'].join(), ['false', 'true'].join()]
        if (fitting.length > 1) t.ok(pairs.includes(ways.sort().join()), `${from.text} ${to.text}`)
      }
    }
  }
})

t.test('no rule leads from signed images to unsigned ones', async (t) => {
  for (const { id, from, to } of UPGRADE_RULES) {
    const signedStart = known().some((name) => name.signed && isInRange(name, from))
    const unsignedEnd = known().some((name) => !name.signed && isInRange(name, to))
    t.notOk(signedStart && unsignedEnd, id)
  }
})

t.test('Cisco document 5455: each of its conversion sections has a rule', async (t) => {
  const sections = [
    'SCCP Image 3.x/Earlier to SIP Image 6.x/Earlier and from SCCP Image 5.x to SIP Image 5.x/6.x',
    'SCCP Image 3.x/Earlier and 5.x to SIP Image 7.x',
    'SCCP Image 6.x/Later and SIP Image 7.x/Later',
    'SIP Images 4.x/Earlier to SCCP Images 5.x/Earlier',
    'SIP Images 4.x/Earlier to SCCP Images 6.x/Later',
    'SIP Images 7.x/Later to SCCP Images 5.x/Later',
    'SIP Phone not Accepting SCCP Load',
    'W210 TFTP Error : buffer full',
  ]
  for (const section of sections) {
    t.ok(
      UPGRADE_RULES.some(({ source }) => source.includes(`"${section}"`)),
      section,
    )
  }
})

t.test('recommended loads are known ones', async (t) => {
  for (const { load, why } of RECOMMENDED_LOADS) {
    t.ok(
      KNOWN_LOADS.some((other) => other.load === load),
      `${load}: ${why}`,
    )
  }
})
