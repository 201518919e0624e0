import t from 'tap'
import { readTable } from '../../../../src/adapters/http/phone-list/read-table.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

const tableIn = (text: string, most = 100) => {
  const read = readTable(utf8(text), most)
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.problems))
  return read.table
}

const problemIn = (bytes: Uint8Array | string, most = 100) => {
  const read = readTable(typeof bytes === 'string' ? utf8(bytes) : bytes, most)
  return read.kind === 'faulty' ? read.problems[0] : undefined
}

t.test('every way in which spreadsheets save a table is read alike', async (t) => {
  const table = {
    columns: ['mac', 'label'],
    rows: [
      { row: 2, cells: ['000E84C060A6', 'Bär, "gross"'] },
      { row: 4, cells: ['000E84C060A7', ''] },
    ],
  }
  const ways = [
    'mac,label\n000E84C060A6,"Bär, ""gross"""\n\n000E84C060A7,\n',
    '\ufeffmac,label\r\n000E84C060A6,"Bär, ""gross"""\r\n,\r\n000E84C060A7,\r\n',
    'mac;label\r\n000E84C060A6;"Bär, ""gross"""\r\n;\r\n000E84C060A7;',
    'sep=;\r\nmac;label\r\n000E84C060A6;"Bär, ""gross"""\r\n;\r\n000E84C060A7;',
    'mac\tlabel\r000E84C060A6\t"Bär, ""gross"""\r\t\r000E84C060A7\t\r',
    ' mac , label \n000E84C060A6,"Bär, ""gross"""\n \n000E84C060A7,\n',
  ]
  for (const way of ways) {
    const { columns, rows } = tableIn(way)
    t.same({ columns, rows }, table, JSON.stringify(way))
  }
  t.same(tableIn('mac,label,,\n1,2,,\n').columns, ['mac', 'label'], 'empty columns at the end')
  t.same(tableIn('mac').rows, [])
  t.same(tableIn('').columns, [])
  t.same(tableIn('mac,label\n1,"two\r\nlines"\n3,4').rows[1], { row: 3, cells: ['3', '4'] })
})

t.test('what is no such table is refused, and says what to do', async (t) => {
  const utf16 = Buffer.from('\ufeffmac,label\r\n', 'utf16le')
  t.match(problemIn(utf16), { row: 1, message: /UTF-16.*CSV UTF-8/ })
  t.match(problemIn(Buffer.from(utf16).swap16()), { message: /UTF-16/ })
  t.match(problemIn(Buffer.from('mac,label', 'utf16le')), { message: /UTF-16/ })
  t.match(problemIn('mac,label\n1,\0'), { message: /NUL/ })
  t.match(problemIn(Buffer.from('mac,label\n1,B\xe4r', 'latin1')), { message: /not in UTF-8/ })
  t.match(problemIn('PK\u0003\u0004'), { message: /workbook/ })
  t.match(problemIn('a,b\n1,2\nx"y,3'), { row: 3, message: /quote stands within/ })
  t.match(problemIn('a,b\n"1"x,2'), { row: 2, message: /quote stands within/ })
  t.match(problemIn('a,b\n1,"2\n3'), { row: 2, message: /never closed/ })
  t.match(problemIn(`a\n${'x'.repeat(70_000)}`), { row: 2, message: /longer than 64 KiB/ })
  t.match(problemIn('a,b\n1,2\n1,2,3'), { row: 3, message: /has 3 fields, the heading has 2/ })
  t.match(problemIn('a\n1\n\n2\n3', 2), { row: 5, message: /there are 3 rows; 2 at most/ })
})
