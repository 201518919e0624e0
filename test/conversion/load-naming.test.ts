import t from 'tap'
import { nameLoads, type Situation } from '../../src/conversion/load-naming.ts'
import { SCCP_5_0, SCCP_8_0, SIP_6_3, SIP_8_12 } from '../support/conversion-builders.ts'

const SCCP_3_3 = { ...SCCP_5_0, load: 'P00303030300', shortName: 'P0030303' }

const converting = (change: Partial<Situation>): Situation => ({
  target: SIP_8_12,
  converting: true,
  generation: null,
  running: null,
  ...change,
})

t.test('each file names what makes this phone do this step', async (t) => {
  const cases = [
    {
      why: 'SCCP 5.x to SIP 6.3: OS79XX.TXT alone',
      situation: converting({ target: SIP_6_3, running: 'P00305000300', generation: 'pre-ual' }),
      naming: {
        os79xx: 'P0S3-06-3-00',
        xml: null,
        imageVersion: 'P0S3-06-3-00',
        sip: true,
        oneLine: false,
      },
    },
    {
      why: 'pre-UAL SCCP to a loader set: the loader in the load information',
      situation: converting({ running: 'P00305000300', generation: 'pre-ual' }),
      naming: {
        os79xx: 'P003-8-12-00',
        xml: 'P003-8-12-00',
        imageVersion: null,
        sip: true,
        oneLine: false,
      },
    },
    {
      why: 'the same phone once the loader is in: the application',
      situation: converting({ running: 'P00305000300', generation: 'ual' }),
      naming: {
        os79xx: null,
        xml: 'P0S3-8-12-00',
        imageVersion: 'P0S3-8-12-00',
        sip: true,
        oneLine: false,
      },
    },
    {
      why: 'pre-UAL SIP to an SCCP loader set: OS79XX.TXT names the loader, no image_version',
      situation: converting({ target: SCCP_8_0, running: 'P0S3-06-3-00', generation: 'pre-ual' }),
      naming: {
        os79xx: 'P00308000500',
        xml: 'P00308000500',
        imageVersion: null,
        sip: true,
        oneLine: false,
      },
    },
    {
      why: 'SIP 2.x: one line, or the phone shows W210',
      situation: converting({ target: SIP_6_3, running: 'P0S30203', generation: 'pre-ual' }),
      naming: {
        os79xx: 'P0S3-06-3-00',
        xml: null,
        imageVersion: 'P0S3-06-3-00',
        sip: true,
        oneLine: true,
      },
    },
    {
      why: 'SCCP 3.x to SCCP 5.x: load information, and no SIP file to lead astray',
      situation: converting({ target: SCCP_5_0, running: 'P00303030300', generation: 'pre-ual' }),
      naming: {
        os79xx: 'P00305000300',
        xml: 'P00305000300',
        imageVersion: 'P00305000300',
        sip: false,
        oneLine: false,
      },
    },
    ...['P0S30100', null].map((running) => ({
      why: `${running} to SCCP 3.3: under a name of eight characters`,
      situation: converting({ target: SCCP_3_3, running, generation: 'pre-ual' }),
      naming: {
        os79xx: 'P0030303',
        xml: 'P00303030300',
        imageVersion: 'P0030303',
        sip: true,
        oneLine: running !== null,
      },
    })),
    ...['P0S30202', 'P0S3-04-4-00'].map((running) => ({
      why: `${running} to SCCP 3.3: by its own name`,
      situation: converting({ target: SCCP_3_3, running, generation: 'pre-ual' }),
      naming: {
        os79xx: 'P00303030300',
        xml: 'P00303030300',
        imageVersion: 'P00303030300',
        sip: true,
        oneLine: running === 'P0S30202',
      },
    })),
    {
      why: 'idle on SIP 8.12: stays there, and OS79XX.TXT is withdrawn',
      situation: converting({ converting: false, running: 'P0S3-8-12-00' }),
      naming: {
        os79xx: null,
        xml: 'P0S3-8-12-00',
        imageVersion: 'P0S3-8-12-00',
        sip: true,
        oneLine: false,
      },
    },
    {
      why: 'idle and unknown: nothing names a load',
      situation: converting({ target: null, converting: false }),
      naming: { os79xx: null, xml: null, imageVersion: null, sip: true, oneLine: false },
    },
    {
      why: 'idle on SCCP: no SIP files',
      situation: converting({ target: SCCP_8_0, converting: false, running: 'P00308000500' }),
      naming: {
        os79xx: null,
        xml: 'P00308000500',
        imageVersion: 'P00308000500',
        sip: false,
        oneLine: false,
      },
    },
    {
      why: 'what runs is no name of ours',
      situation: converting({ target: SCCP_5_0, running: 'POS30203' }),
      naming: {
        os79xx: 'P00305000300',
        xml: 'P00305000300',
        imageVersion: 'P00305000300',
        sip: true,
        oneLine: false,
      },
    },
  ]
  for (const { why, situation, naming } of cases) t.same(nameLoads(situation), naming, why)
})
