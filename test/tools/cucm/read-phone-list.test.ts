import t from 'tap'
import { findMacFault, parseMac } from '../../../src/net/mac.ts'
import { readPhoneList } from '../../../src/tools/cucm/read-phone-list.ts'

const read = (text: string) => readPhoneList(text, parseMac)

t.test('a line is a phone, all but its MAC at will', async (t) => {
  const text =
    '\ufeffMAC,description,model,number\r\n' +
    '00:0e:84:c0:60:a6,"Desk 12, left",7960,1201\r\n' +
    '\n# spare\nSEP000E84C060A7\n000e.84c0.60a8; "a ""b""" ;7940\n'
  t.same(read(text), {
    problems: [],
    phones: [
      {
        mac: '000E84C060A6',
        model: '7960',
        description: 'Desk 12, left',
        directoryNumber: '1201',
      },
      { mac: '000E84C060A7', model: null, description: null, directoryNumber: null },
      { mac: '000E84C060A8', model: '7940', description: 'a "b"', directoryNumber: null },
    ],
  })
})

t.test('every line that is wrong is told', async (t) => {
  const text = '000E84C060A6\nnobody\n000e84c060a6\n000E84C060A7,x,7941\n'
  t.same(read(text).problems, [
    { line: 2, message: '"nobody" is no MAC address' },
    { line: 3, message: '000E84C060A6 stands in line 1 already' },
    { line: 4, message: '"7941" is no model; 7940 or 7960 is wanted' },
  ])
  t.same(read('12\n').problems, [{ line: 1, message: '"12" is no MAC address' }])
})

t.test('a list without end is not read to it', async (t) => {
  t.match(read('\n'.repeat(70_000)).problems, [{ message: /60000 at most/ }])
})

t.test('text that no phone can show is refused, and the character is named', async (t) => {
  const of = (row: string) => read(`${row}\n`).problems[0]?.message
  t.equal(
    of('000E84C060A6,Ģirts'),
    'description: U+0122 "Ģ" cannot be shown by the phone; wanted ISO 8859-1',
  )
  t.match(of('000E84C060A6,Desk,7960,12\u202e01'), /^directory number: U\+202E \(invisible\)/)
  t.match(of('000E84C060A6,a\u0085b'), /^description: U\+0085 \(next line\)/)
  t.match(of('000E84C060A6,B\ufffdro'), /U\+FFFD .*; is the list in UTF-8\?$/)
  t.equal(of('000E84C060A6,Büro "links",7960,1201'), undefined)
})

t.test('an address that no phone can have is refused by its line', async (t) => {
  const { phones, problems } = readPhoneList('01005E000001\n000E84C060A6\n', parseMac, findMacFault)
  t.same(
    phones.map(({ mac }) => mac),
    ['000E84C060A6'],
  )
  t.match(problems, [{ line: 1, message: /^01005E000001 is a group address/ }])
})
