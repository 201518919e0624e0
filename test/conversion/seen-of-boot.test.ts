import t from 'tap'
import { type BootState, followRequest } from '../../src/conversion/boot-state.ts'
import { seenOfBoot } from '../../src/conversion/seen-of-boot.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'
import { MAC } from '../support/conversion-builders.ts'

function afterRequests(names: readonly string[]): BootState {
  let boot: BootState | null = null
  for (const [index, name] of names.entries()) {
    boot = followRequest(boot, readRequestedFile(name), 100 * index).boot
  }
  return boot as BootState
}

const HUNT = [`CTLSEP${MAC}.tlv`, `SEP${MAC}.cnf.xml`, `SIP${MAC}.cnf`, `MGC${MAC}.cnf`]

t.test('files tell the protocol, and never a load', async (t) => {
  const cases = [
    { why: 'a loader hunts', names: HUNT, protocol: null, generation: 'ual' },
    {
      why: 'a loader goes down to the defaults',
      names: [...HUNT, 'XMLDefault.cnf.xml', 'SIPDefault.cnf'],
      protocol: null,
      generation: 'ual',
    },
    {
      why: 'a loader reads what it is to run',
      names: [...HUNT.slice(0, 2), 'P0S3-8-12-00.loads'],
      protocol: null,
      generation: 'ual',
    },
    {
      why: 'the SIP application starts',
      names: [...HUNT.slice(0, 2), 'P0S3-8-12-00.loads', 'SIPDefault.cnf', `./SIP${MAC}.cnf`],
      protocol: 'sip',
      generation: 'ual',
    },
    {
      why: 'and asks for its lists',
      names: ['SIPDefault.cnf', 'RINGLIST.DAT', 'dialplan.xml', `CTLSEP${MAC}.tlv`],
      protocol: 'sip',
      generation: 'ual',
    },
    {
      why: 'the SCCP application',
      names: [...HUNT.slice(0, 2), 'P00308000500.loads', 'RINGLIST.XML'],
      protocol: 'sccp',
      generation: 'ual',
    },
    {
      why: 'the SCCP application with a locale',
      names: [...HUNT.slice(0, 2), 'German_Germany/7960-font.xml'],
      protocol: 'sccp',
      generation: 'ual',
    },
    {
      why: 'the MGCP application',
      names: [...HUNT, 'MGCDefault.cnf'],
      protocol: 'mgcp',
      generation: 'ual',
    },
    {
      why: 'an image that travels again is of no application',
      names: [`CTLSEP${MAC}.tlv`, 'SIPDefault.cnf', 'P0S3-8-12-00.sb2'],
      protocol: null,
      generation: 'ual',
    },
    {
      why: 'SIP without a loader',
      names: ['OS79XX.TXT', 'SIPDefault.cnf'],
      protocol: 'sip',
      generation: 'pre-ual',
    },
    {
      why: 'SCCP without a loader',
      names: ['OS79XX.TXT', `SEP${MAC}.cnf`],
      protocol: 'sccp',
      generation: 'pre-ual',
    },
    {
      why: 'MGCP without a loader',
      names: ['OS79XX.TXT', 'MGCDefault.cnf'],
      protocol: 'mgcp',
      generation: 'pre-ual',
    },
    { why: 'neither yet', names: ['OS79XX.TXT'], protocol: null, generation: 'pre-ual' },
    { why: 'nothing that tells', names: ['x.txt'], protocol: null, generation: null },
  ] as const
  for (const { why, names, protocol, generation } of cases) {
    const expected = { load: null, protocol, generation, major: null, atMs: 9 }
    t.same(seenOfBoot(afterRequests(names), 9), { ...expected, by: 'requested-files' }, why)
  }
})
