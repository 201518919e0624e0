import t from 'tap'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import type { PhoneQuirks } from '../../src/simulator/phone-quirks.ts'
import { ipOf } from '../support/an-inventory.ts'
import { ConversionBench } from '../support/conversion-bench.ts'
import { MAC } from '../support/conversion-builders.ts'

// Every fault that a simulated phone can have, and what the appliance says about it.

type Fault = {
  readonly why: string
  readonly runs: string
  /** What the operator says that it runs; what it runs if left out. */
  readonly from?: string
  readonly to: string
  readonly path?: 'direct'
  readonly quirks?: Partial<PhoneQuirks>
  /** The address that is typed in as TFTP server. */
  readonly alternateTftp?: string
  readonly ends: 'confirmed' | string
}

const FAULTS: readonly Fault[] = [
  {
    why: 'a loader that loops on its trust list gets an empty one',
    runs: 'P0S3-07-2-00',
    to: 'P0S3-8-12-00',
    quirks: { loopsOnTrustList: true },
    ends: 'confirmed',
  },
  {
    why: 'xmlDefault.CNF.XML in its own spelling',
    runs: 'P00305000300',
    to: 'P0S3-07-4-00',
    quirks: { xmlDefaultName: 'xmlDefault.CNF.XML' },
    ends: 'confirmed',
  },
  {
    why: './ before the name of its own file',
    runs: 'P00308000500',
    to: 'P0S3-8-12-00',
    quirks: { configPrefix: './' },
    ends: 'confirmed',
  },
  {
    why: 'OS79XX.TXT is read to the last octet',
    runs: 'P00305000300',
    to: 'P0S3-06-3-00',
    quirks: { readsOs79xxLiterally: true },
    ends: 'confirmed',
  },
  {
    why: 'one packet of fifty is lost',
    runs: 'P00305000300',
    to: 'P0S3-06-3-00',
    quirks: { lossRate: 0.02 },
    ends: 'confirmed',
  },
  {
    why: 'one address is found in use, the next is taken',
    runs: 'P00305000300',
    to: 'P0S3-06-3-00',
    quirks: { declines: 1 },
    ends: 'confirmed',
  },
  {
    why: 'every address is found in use',
    runs: 'P00305000300',
    to: 'P0S3-06-3-00',
    quirks: { declines: 50 },
    ends: 'address-declined',
  },
  {
    why: 'the phone falls silent with its address',
    runs: 'P00305000300',
    to: 'P0S3-06-3-00',
    quirks: { silentAfterRequests: 0 },
    ends: 'dhcp-without-tftp',
  },
  {
    why: 'the phone falls silent behind its first file',
    runs: 'P00305000300',
    to: 'P0S3-06-3-00',
    quirks: { silentAfterRequests: 1 },
    ends: 'went-silent',
  },
  {
    why: 'the image is not legal for this phone, and there is no other way available',
    runs: 'P0S3-05-3-00',
    to: 'P00308000500',
    path: 'direct',
    from: 'P0S3-06-3-00',
    quirks: { ladder: 'cme-guide' },
    ends: 'image-refused',
  },
  {
    why: 'SCCP that predates XML files asks for SEPDefault.cnf for ever',
    runs: 'P00303010102',
    to: 'P00305000300',
    quirks: { knowsNoXml: true },
    ends: 'old-default-loop',
  },
  {
    why: 'SIP 2.x that was said to be 4.4 cannot take a long SIPDefault.cnf',
    runs: 'P0S30203',
    from: 'P0S3-04-4-00',
    to: 'P0S3-05-3-00',
    quirks: { sipDefaultLimitBytes: 16 },
    ends: 'buffer-full',
  },
  {
    why: 'SIP 2.x that was said to be 2.x gets one line',
    runs: 'P0S30202',
    to: 'P0S3-04-4-00',
    quirks: { sipDefaultLimitBytes: 40 },
    ends: 'confirmed',
  },
  {
    why: 'SIP 1.0 that was said to be 2.3 takes no long name',
    runs: 'P0S30100',
    from: 'P0S30203',
    to: 'P00303030300',
    ends: 'name-too-long',
  },
  {
    why: 'SIP 1.0 takes the SCCP load under a short name',
    runs: 'P0S30100',
    to: 'P00303030300',
    ends: 'confirmed',
  },
  {
    why: 'SIP that was said to be SCCP goes where it should all the same',
    runs: 'P0S3-06-3-00',
    from: 'P00303010102',
    to: 'P00305000300',
    ends: 'confirmed',
  },
  {
    why: 'a phone with a loader that was said to have none goes where it should',
    runs: 'P00307020300',
    from: 'P00305000300',
    to: 'P0S3-06-3-00',
    ends: 'confirmed',
  },
  {
    why: 'another TFTP server is typed in',
    runs: 'P00305000300',
    to: 'P0S3-06-3-00',
    alternateTftp: '10.20.0.99',
    ends: 'dhcp-without-tftp',
  },
]

const LOADS = [
  'P0S3-04-4-00',
  'P0S3-05-3-00',
  'P0S3-06-3-00',
  'P0S3-07-4-00',
  'P0S3-8-12-00',
  'P00303030300',
  'P00305000300',
  'P00308000500',
]

for (const fault of FAULTS) {
  const { why, runs, from = runs, to, path = 'cautious', quirks = {}, alternateTftp, ends } = fault
  t.test(`${why}: ${ends}`, async (t) => {
    const bench = await ConversionBench.open(LOADS)
    await bench.enrol(MAC)
    const started = bench.start(MAC, { from, to, path })
    t.equal(started.kind, 'started', JSON.stringify(started))
    const manual = { alternateTftp: alternateTftp === undefined ? null : ipOf(alternateTftp) }
    bench.plugIn(MAC, { flash: flashRunning(runs, manual), quirks })
    const end = bench.runConversion(MAC)
    t.equal(end?.diagnosis?.code ?? end?.state, ends)
    if (ends !== 'confirmed') return
    t.equal(bench.phones.get(MAC)?.phone.flash.load, to)
  })
}
