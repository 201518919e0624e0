import t from 'tap'
import type { Ipv4 } from '../../../../src/net/ipv4.ts'
import {
  type OpenRequest,
  OpenRequests,
} from '../../../../src/tools/explain/server-log/open-requests.ts'

const A = 1 as Ipv4
const B = 2 as Ipv4
const request = (
  client: Ipv4,
  name: string,
  { process = null, port = null, atMs = 0 }: Partial<OpenRequest> = {},
): OpenRequest => ({ client, name, process, port, atMs, isOver: false })
const nobody = { client: null, process: null, name: null }

t.test('a line is about the newest request of its client or process', async (t) => {
  const open = new OpenRequests()
  t.equal(open.find(nobody), undefined)
  t.equal(open.find({ ...nobody, process: '7' }), undefined)
  const first = request(A, 'sub/x', { process: '7' })
  const second = request(A, 'y')
  open.begin(first)
  open.begin(second)
  t.equal(open.find({ ...nobody, client: A }), second)
  t.equal(open.find({ ...nobody, client: A, name: 'x' }), first, 'by the end of the path')
  t.equal(open.find({ ...nobody, client: A, process: '7' }), first)
  t.equal(open.find({ ...nobody, process: '7' }), first)
  t.equal(open.find(nobody), second)
  t.equal(open.find({ ...nobody, client: B }), undefined)
  t.same(open.openOf('7'), [first])
  t.same(open.openOf('8'), [])
})

t.test('one that is over is meant only where no other is left', async (t) => {
  const open = new OpenRequests()
  const [first, second] = [request(A, 'x'), request(A, 'x')]
  open.begin(first)
  open.begin(second)
  second.isOver = true
  t.equal(open.find({ ...nobody, client: A }), first)
  first.isOver = true
  t.equal(open.find({ ...nobody, client: A }), second)
  t.equal(open.find({ ...nobody, name: 'x' }), undefined, 'by name alone nobody is meant')
})

t.test('a process with several requests leaves open which it means', async (t) => {
  const open = new OpenRequests()
  const [first, second] = [request(A, 'x', { process: '7' }), request(B, 'y', { process: '7' })]
  open.begin(first)
  open.begin(second)
  t.equal(open.find({ ...nobody, process: '7' }), 'several')
  t.equal(open.find({ ...nobody, process: '7', name: 'y' }), second)
  first.isOver = true
  t.equal(open.find({ ...nobody, process: '7' }), second)
})

t.test('of several with a name it is the one that has waited longest', async (t) => {
  const open = new OpenRequests()
  const [first, second] = [request(A, 'x'), request(B, 'x')]
  open.begin(first)
  open.begin(second)
  t.equal(open.find({ ...nobody, name: 'x' }), first)
})

t.test('a port tells requests of one client apart', async (t) => {
  const open = new OpenRequests()
  const first = request(A, 'x', { port: 5 })
  open.begin(first)
  t.equal(open.from(A, 5), first)
  t.equal(open.from(A, 6), undefined)
  t.equal(open.from(B, 5), undefined)
})

t.test('tables do not grow without end', async (t) => {
  const open = new OpenRequests()
  for (let index = 0; index < 300; index++) open.begin(request(A, `n${index}`))
  t.equal(open.find({ ...nobody, client: A, name: 'n0' }), undefined)
  t.equal(open.find({ ...nobody, name: 'n0' }), undefined)
  t.match(open.find({ ...nobody, client: A, name: 'n299' }), { name: 'n299' })
  for (let client = 2; client < 4_100; client++) open.begin(request(client as Ipv4, 'x'))
  t.equal(open.find({ ...nobody, client: A }), undefined)
})
