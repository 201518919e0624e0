import type { KnownLoad } from '../phone-family.ts'

const DOCUMENT_5455 = 'Cisco document 5455'
const CME = 'Cisco Unified CME administration guide'
const README = 'Cisco 7940/7960 firmware readmes'
/** Met in operators' reports and file listings; no document of Cisco's that names it was read. */
const FIELD = 'field reports'

/** Every load seen in a public source, oldest first within its protocol. */
export const KNOWN_LOADS: readonly KnownLoad[] = [
  { load: 'P0S30100', release: '1.0', source: DOCUMENT_5455 },
  { load: 'P0S30202', release: '2.2', source: DOCUMENT_5455 },
  { load: 'P0S30203', release: '2.3', source: DOCUMENT_5455 },
  { load: 'P0S3-03-0-00', release: '3.0', source: DOCUMENT_5455 },
  { load: 'P0S3-04-1-00', release: '4.1', source: FIELD },
  { load: 'P0S3-04-4-00', release: '4.4', source: CME },
  { load: 'P0S3-05-2-00', release: '5.2', source: FIELD },
  { load: 'P0S3-05-3-00', release: '5.3', source: CME },
  { load: 'P0S3-06-0-00', release: '6.0', source: CME },
  { load: 'P0S3-06-3-00', release: '6.3', source: DOCUMENT_5455 },
  { load: 'P0S3-07-1-00', release: '7.1', source: DOCUMENT_5455 },
  { load: 'P0S3-07-2-00', release: '7.2', source: FIELD },
  { load: 'P0S3-07-4-00', release: '7.4', source: DOCUMENT_5455 },
  { load: 'P0S3-07-5-00', release: '7.5', source: 'Cisco SIP IP phone administrator guide 7.5' },
  { load: 'P0S3-08-4-00', release: '8.4', source: README },
  { load: 'P0S3-08-8-00', release: '8.8', source: FIELD },
  { load: 'P0S3-08-9-00', release: '8.9', source: README },
  { load: 'P0S3-08-11-00', release: '8.11', source: README },
  { load: 'P0S3-8-12-00', release: '8.12', source: FIELD },
  { load: 'P00303010102', release: '3.1(1.2)', source: FIELD },
  { load: 'P00303020209', release: '3.2(2.9)', source: FIELD },
  { load: 'P00303030300', release: '3.3(3)', source: FIELD },
  { load: 'P00305000101', release: '5.0(1.1)', source: DOCUMENT_5455 },
  { load: 'P00305000200', release: '5.0(2)', source: FIELD },
  { load: 'P00305000300', release: '5.0(3)', source: FIELD },
  { load: 'P00305000500', release: '5.0(5)', source: 'field report: SCCP 3.1 to 5.0(5) to 8.0(9)' },
  { load: 'P00306000100', release: '6.0(1)', source: FIELD },
  { load: 'P00306000200', release: '6.0(2)', source: DOCUMENT_5455 },
  { load: 'P00307000100', release: '7.0(1)', source: FIELD },
  { load: 'P0030702T023', release: '7.2(T23)', source: FIELD },
  { load: 'P00307020300', release: '7.2(3)', source: DOCUMENT_5455 },
  { load: 'P00308000500', release: '8.0(5)', source: README },
  { load: 'P00308000700', release: '8.0(7)', source: FIELD },
  { load: 'P00308000800', release: '8.0(8)', source: README },
  { load: 'P00308000900', release: '8.0(9)', source: README },
  { load: 'P00308001000', release: '8.0(10)', source: README },
  { load: 'P00308010200', release: '8.1(2)', source: 'Cisco archive cmterm-7940-7960-sccp.8-1-2' },
  { load: 'P0030801SR02', release: '8.1(2)SR2', source: FIELD },
]
