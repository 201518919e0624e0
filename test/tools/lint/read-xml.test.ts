import t from 'tap'
import { readXml } from '../../../src/tools/lint/read-xml.ts'

const faultOf = (text: string) => readXml(text).fault

t.test('what is not well-formed is told with its line', async (t) => {
  const cases = [
    { text: '', line: 1, fault: /root element/ },
    { text: 'x', line: 1, fault: /outside of root/ },
    { text: '<a>\n<b>\n</a>', line: 3, fault: /another name than <b> of line 2/ },
    { text: '<a>\n</a>\n</a>', line: 3, fault: /\S/ },
    { text: '<a>\n<b>R&D</b></a>', line: 2, fault: /&amp;/ },
    { text: '<a>\n<b>&nbsp;</b></a>', line: 2, fault: /undefined entity/ },
    { text: '<a>\n<b c="1 d="2"/></a>', line: 2, fault: /attribute/ },
    { text: '<a>\n1 < 2</a>', line: 2, fault: /tag name/ },
    { text: '<a/>\n<b/>', line: 2, fault: /one root/ },
    { text: '<a><!-- -- --></a>', line: 1, fault: /comment/ },
    { text: '<a>\n&x\n</b></a>', line: 2, fault: /&amp;/ },
    { text: '</a>\n&x', line: 1, fault: /\S/ },
  ]
  for (const { text, line, fault } of cases) t.match(faultOf(text), { line, fault }, text)
})

t.test('well-formed files in their usual forms have no fault', async (t) => {
  const texts = [
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<a b="c"/>\r\n',
    '\xef\xbb\xbf<a/>',
    '<a>R&amp;D &#228; &#xe4; <![CDATA[ & < ]]><!-- & --></a>',
    '<a>\xe4</a>',
    '<a>\xc3\xa4</a>',
    '<device xsi:type="axl:XIPPhone"/>',
  ]
  for (const text of texts) t.equal(faultOf(text), null, text)
})

t.test(
  'elements come with attributes, text and line; a fault does not end the reading',
  async (t) => {
    t.match(readXml('<a>\n<b c="1"> x <![CDATA[y]]>\n</b>&\n<d>z</d></a>').elements, [
      { name: 'a', depth: 0, isClosed: true },
      { name: 'b', attributes: { c: '1' }, text: 'x y', line: 2, depth: 1 },
      { name: 'd', text: 'z', line: 4 },
    ])
  },
)

t.test('no entity of a document type is expanded, and size and depth have bounds', async (t) => {
  const bomb = '<!DOCTYPE a [<!ENTITY x "yyyy"><!ENTITY z "&x;&x;">]><a>&z;</a>'
  const { elements, fault } = readXml(bomb)
  t.equal(elements[0]?.text, '&z;')
  t.match(fault, { fault: /undefined entity/ })
  t.match(faultOf('<a>'.repeat(100)), { fault: /more than 64/ })
  t.match(faultOf(`<a>${'<b/>'.repeat(30_000)}</a>`), { fault: /more than 20000/ })
  t.equal(
    readXml(`<a>${'x'.repeat(5_000)}<b/>${'y'.repeat(100)}</a>`).elements[0]?.text.length,
    1_024,
  )
})
