import t from 'tap'
import { parseSwitchPort, type SwitchPort, switchPortParts } from '../../src/net/switch-port.ts'

t.test('reads a port of a switch, in its own group or in another', async (t) => {
  const cases = [
    { text: 'sw1/7', switchName: 'sw1', group: null, index: 7 },
    { text: 'sw1/2.7', switchName: 'sw1', group: 2, index: 7 },
    { text: 'core-a.lab_2/1.48', switchName: 'core-a.lab_2', group: 1, index: 48 },
    { text: 'sw1/2147483647', switchName: 'sw1', group: null, index: 2147483647 },
  ]
  for (const { text, ...parts } of cases) {
    t.equal(parseSwitchPort(text), text)
    t.same(switchPortParts(text as SwitchPort), parts, text)
  }
})

t.test('refuses what names no port', async (t) => {
  const malformed = [
    { why: 'no port', text: 'sw1' },
    { why: 'no index', text: 'sw1/' },
    { why: 'no switch', text: '/7' },
    { why: 'index 0, RFC 3621 counts from 1', text: 'sw1/0' },
    { why: 'group 0', text: 'sw1/0.7' },
    { why: 'leading zero: two texts would name one port', text: 'sw1/07' },
    { why: 'the name of an interface', text: 'sw1/Gi0/7' },
    { why: 'three numbers', text: 'sw1/1.2.3' },
    { why: 'index above Integer32', text: 'sw1/2147483648' },
    { why: 'group above Integer32', text: 'sw1/2147483648.1' },
    { why: 'a blank', text: 'sw1/7 ' },
    { why: 'a line', text: 'sw1/7\n' },
    { why: 'a name that begins with a dot', text: '.sw/7' },
    { why: 'a long name', text: `${'a'.repeat(64)}/7` },
  ]
  for (const { why, text } of malformed) t.equal(parseSwitchPort(text), undefined, why)
})
