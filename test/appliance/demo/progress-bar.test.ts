import { Writable } from 'node:stream'
import t from 'tap'
import { drawProgress, renderBar } from '../../../appliance/demo/progress-bar.ts'

const aTerminal = () => {
  const written: string[] = []
  const write = (text: Buffer, _encoding: string, done: () => void) => {
    written.push(`${text}`)
    done()
  }
  return { terminal: new Writable({ write }) as NodeJS.WriteStream, written }
}

t.test('a bar shows the share that has arrived', async (t) => {
  const cases = [
    { why: 'nothing yet', bytes: 0, of: 400, full: 0, percent: '  0 %' },
    { why: 'half', bytes: 200, of: 400, full: 16, percent: ' 50 %' },
    { why: 'all', bytes: 400, of: 400, full: 32, percent: '100 %' },
    { why: 'more than all', bytes: 500, of: 400, full: 32, percent: '100 %' },
    { why: 'an empty file', bytes: 0, of: 0, full: 32, percent: '100 %' },
  ]
  for (const { why, bytes, of, full, percent } of cases) {
    const bar = `[${'#'.repeat(full)}${'.'.repeat(32 - full)}] ${percent}`
    t.equal(renderBar({ file: 'a.bin', bytes, of }).trim(), `a.bin ${bar}`, why)
  }
})

t.test('it is drawn over the last line, and cleared', async (t) => {
  const { terminal, written } = aTerminal()
  const progress = { file: 'a.bin', bytes: 1, of: 2 }
  drawProgress(terminal, progress)
  drawProgress(terminal, null)
  t.same(written, [`\r\u001b[K${renderBar(progress)}`, '\r\u001b[K'])
})

t.test('without a terminal nothing is drawn', async (t) => {
  t.doesNotThrow(() => drawProgress(null, { file: 'a.bin', bytes: 1, of: 2 }))
})
