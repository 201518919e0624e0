import t from 'tap'
import { type BootState, beginBoot } from '../../../../src/conversion/boot-state.ts'
import {
  bootedWithoutLoader,
  generationShown,
  protocolShown,
} from '../../../../src/tools/explain/observation/boot-traits.ts'

const aBoot = (parts: Partial<BootState>): BootState => ({ ...beginBoot(0, null), ...parts })
const image = (file: string) => [{ file, completed: 0, failed: 0 }]

t.test('a loader asks for files of both protocols, an application for its own', async (t) => {
  const of = (asked: BootState['asked']) => protocolShown(aBoot({ generation: 'ual', asked }))
  t.equal(of(['sep-xml', 'sip-phone', 'sip-default']), null)
  t.equal(of(['sep-xml', 'loads', 'dialplan']), 'sip')
  t.equal(of(['sep-xml', 'loads', 'ringlist-xml']), 'sccp')
})

t.test(
  'what OS79XX.TXT names is skipped where its first four characters are the own ones',
  async (t) => {
    const of = (file: string) =>
      generationShown(aBoot({ generation: 'pre-ual', asked: ['os79xx'], images: image(file) }))
    t.equal(of('P0S30203.bin'), 'pre-ual-sccp')
    t.equal(of('P003-8-12-00.sbn'), 'pre-ual-sip')
    t.equal(generationShown(aBoot({ generation: 'pre-ual', asked: ['os79xx'] })), null)
  },
)

t.test('without a first request the generation is not known', async (t) => {
  t.equal(generationShown(aBoot({ asked: ['sip-default'] })), null)
  t.equal(protocolShown(aBoot({ asked: ['sip-default'] })), 'sip')
  t.equal(protocolShown(aBoot({ asked: ['sep-xml'] })), 'sccp')
  t.equal(protocolShown(aBoot({})), null)
})

t.test(
  'a boot without a loader is healthy when a configuration was there and no image was wanted',
  async (t) => {
    const healthy = { generation: 'pre-ual', asked: ['os79xx', 'sip-default'] } as const
    t.ok(bootedWithoutLoader(aBoot(healthy)))
    t.notOk(bootedWithoutLoader(aBoot({ ...healthy, absent: ['SIPDefault.cnf'] })))
    t.notOk(bootedWithoutLoader(aBoot({ ...healthy, images: image('P0S30203.bin') })))
    t.notOk(bootedWithoutLoader(aBoot({ ...healthy, generation: 'ual' })))
  },
)
