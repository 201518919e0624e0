import { type BootState, beginBoot, followRequest } from '../../src/conversion/boot-state.ts'
import type { Conversion, ConversionStep } from '../../src/conversion/conversion.ts'
import type { StepTrace } from '../../src/conversion/diagnosis/step-trace.ts'
import type { RolloutRequest } from '../../src/conversion/rollout.ts'
import { NO_FACTS } from '../../src/conversion/step-facts.ts'
import type { Target } from '../../src/conversion/target.ts'
import type { Phone } from '../../src/inventory/phone.ts'
import type { Mac } from '../../src/net/mac.ts'
import { readRequestedFile } from '../../src/phones/requested-file.ts'

export const MAC = '000E84C060A6' as Mac

export const SIP_6_3: Target = {
  load: 'P0S3-06-3-00',
  protocol: 'sip',
  ual: false,
  loader: null,
  shortName: null,
}
export const SIP_7_5: Target = {
  load: 'P0S3-07-5-00',
  protocol: 'sip',
  ual: true,
  loader: 'P003-07-5-00',
  shortName: null,
}
export const SIP_8_12: Target = {
  load: 'P0S3-8-12-00',
  protocol: 'sip',
  ual: true,
  loader: 'P003-8-12-00',
  shortName: null,
}
export const SCCP_5_0: Target = {
  load: 'P00305000300',
  protocol: 'sccp',
  ual: false,
  loader: null,
  shortName: null,
}
export const SCCP_8_0: Target = {
  load: 'P00308000500',
  protocol: 'sccp',
  ual: true,
  loader: 'P00308000500',
  shortName: null,
}

/** An enrolled 7960 of which nothing else is said. */
export function aPhone(change: Partial<Phone> = {}): Phone {
  return {
    mac: MAC,
    model: '7960',
    label: null,
    network: null,
    profile: null,
    address: null,
    lines: [],
    settings: {},
    revision: 1,
    ...change,
  }
}

export function aStep(change: Partial<ConversionStep> = {}): ConversionStep {
  return {
    load: SIP_6_3.load,
    method: 'os79xx',
    oneWay: false,
    why: 'SCCP 5.x goes to SIP 5.x and 6.x directly',
    source: 'Cisco document 5455',
    stage: 'waiting',
    progress: null,
    stageSinceMs: 0,
    facts: NO_FACTS,
    ...change,
  }
}

export function aConversion(change: Partial<Conversion> = {}): Conversion {
  return {
    mac: MAC,
    from: SCCP_5_0.load,
    to: SIP_6_3.load,
    path: 'cautious',
    acceptOneWay: false,
    restart: null,
    state: 'waiting',
    step: 0,
    steps: [aStep()],
    refused: [],
    diagnosis: null,
    evidence: [],
    confirmedBy: null,
    startedAtMs: 0,
    updatedAtMs: 0,
    revision: 1,
    ...change,
  }
}

/** What an operator asks of a roll-out of one phone: at once, and over at the first that stalls. */
export function aRolloutRequest(change: Partial<RolloutRequest> = {}): RolloutRequest {
  return {
    phones: [MAC],
    to: 'P0S3-8-12-00',
    from: null,
    path: 'cautious',
    acceptOneWay: true,
    canaries: 0,
    waveSize: 1,
    stopAfter: 1,
    onStop: 'finish',
    appearWithinMs: null,
    onAbsent: 'fail',
    ...change,
  }
}

/** A boot in which these names were asked for, a tenth of a second apart, from 1 s on. */
export function aBoot(
  names: readonly string[],
  generation: BootState['generation'] = null,
): BootState {
  let boot = beginBoot(0, generation)
  let nowMs = 1_000
  for (const name of names) {
    boot = followRequest(boot, readRequestedFile(name), nowMs).boot
    nowMs += 100
  }
  return boot
}

export function aTrace(change: Partial<StepTrace> = {}): StepTrace {
  return {
    step: aStep({ stage: 'booting' }),
    target: SIP_6_3,
    boot: null,
    lastEventAtMs: null,
    brokenTransfers: 0,
    nowMs: 0,
    ...change,
  }
}
