import type { Mac } from '../../src/net/mac.ts'
import { flashRunning } from '../../src/simulator/phone-flash.ts'
import { SimulatedPhone, type SimulatedPhoneConfig } from '../../src/simulator/simulated-phone.ts'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import type { Trace } from '../../src/wire/trace/read-trace.ts'
import { type BenchScript, type ScriptedAnswer, ScriptedBench } from './scripted-bench.ts'

/** The phone of the tests that hold a simulated phone against traces of real ones. */
export const FIELD_MAC = '0011BB0A0001' as Mac

/** The last load of SIP, to which the phones of the traces went. */
export const SIP_812 = 'P0S3-8-12-00'

/** The default file of SCCP with a load for the 7960. */
export function xmlDefault(load: string): string {
  return (
    '<Default><callManagerGroup><members><member><callManager><ports><ethernetPhonePort>2000' +
    '</ethernetPhonePort></ports><processNodeName>10.20.0.9</processNodeName></callManager></member>' +
    `</members></callManagerGroup><loadInformation7>${load}</loadInformation7></Default>`
  )
}

type Answers = (name: string, server: string) => ScriptedAnswer

/** Files of a server, those of SIP 8.12 among them; what is missing is answered by ERROR 1. */
export function serving(files: Readonly<Record<string, string>>, ...loads: string[]): Answers {
  const table = new Map<string, Uint8Array | string>(Object.entries(files))
  for (const load of [SIP_812, ...loads]) {
    for (const [name, bytes] of makeFirmwareSet(load)) table.set(name, bytes)
  }
  return (name) => table.get(name) ?? 'absent'
}

/** A phone that behaves as the traces show, at a bench, switched off. */
export function aFieldPhone(
  load: string,
  answer: Answers,
  { seed = 1, ...phone }: Partial<SimulatedPhoneConfig> & { readonly seed?: number } = {},
  script: Partial<BenchScript> = {},
) {
  const config = { mac: FIELD_MAC, model: '7960', behaviour: 'field', ...phone } as const
  const simulated = new SimulatedPhone({ flash: flashRunning(load), ...config }, seed)
  return { phone: simulated, bench: new ScriptedBench(simulated, { answer, ...script }) }
}

/** One request, with the MAC address taken out of its name: `t` in seconds. */
export type Asked = { readonly t: number; readonly name: string; readonly port: number | null }

/** The requests of a trace, or those of a bench, that are not repeats of the one before from the same port. */
export function askedIn(source: Trace | ScriptedBench): Asked[] {
  const all =
    source instanceof ScriptedBench
      ? source.sent.map(({ atMs, name, port }) => ({ t: atMs / 1000, name, port }))
      : source.events
          .filter(({ kind }) => kind === 'rrq')
          .map(({ t, name, port }) => ({ t, name, port }))
  return all
    .map(({ t, name, port }) => ({ t, name: name.replace(/[0-9A-F]{12}(?=\.)/, '<MAC>'), port }))
    .filter((one, index) => {
      const before = all[index - 1]
      return before === undefined || before.port !== one.port || before.port === null
    })
}
