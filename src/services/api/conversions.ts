import type { ConversionEngine } from '../../conversion/conversion-engine.ts'
import type { StartRefusal } from '../../conversion/plan-request.ts'
import type { Phone } from '../../inventory/phone.ts'
import type { Mac } from '../../net/mac.ts'
import type { ConversionService } from '../services.ts'
import type { Subscribers } from '../subscribers.ts'

/** What the conversion service needs. */
export type ConversionServiceParts = {
  readonly engine: ConversionEngine
  readonly phone: (mac: Mac) => Phone | undefined
  /** What an operator should know before a phone is taken to a load, and after. */
  readonly warnings: (mac: Mac, to: string) => readonly string[]
  /** Whether the appliance restarts a phone if no request has decided. */
  readonly restartsByItself: (mac: Mac) => boolean
  readonly changes: Subscribers<Mac>
  /** Resolves when what the engine has decided so far is on disk. */
  readonly saved: () => Promise<void>
  readonly nowMs: () => number
}

/** Phones under way, as the API asks. An answer is given when it would survive a crash. */
export function conversionService(parts: ConversionServiceParts): ConversionService {
  const { engine, phone, changes, saved, nowMs } = parts
  return {
    list: () => engine.conversions(),
    get: (mac) => engine.conversion(mac),
    rollback: (mac) => engine.rollback(mac),
    warnings(mac) {
      const conversion = engine.conversion(mac)
      return conversion === undefined ? [] : parts.warnings(mac, conversion.to)
    },
    restartMode: (mac) =>
      engine.conversion(mac)?.restart ?? (parts.restartsByItself(mac) ? 'auto' : 'manual'),
    async start(mac, { to, from, path, acceptOneWay, acceptFrom, restart }) {
      const enrolled = phone(mac)
      if (enrolled === undefined) return { kind: 'not-found' }
      const request = { to, from: from ?? undefined, path, acceptOneWay, acceptFrom, restart }
      const outcome = engine.start(enrolled, request, nowMs())
      await saved()
      switch (outcome.kind) {
        case 'started':
        case 'conflict':
          return outcome
        case 'already':
          return { kind: 'unchanged', conversion: outcome.conversion }
        case 'refused':
          return outcome.code === 'from-contradicted'
            ? { kind: 'from-contradicted', message: `${outcome.reason}. ${outcome.remedy}` }
            : planRefused(outcome)
        /* c8 ignore next 2 -- the compiler proves that there is no other value */
        default:
          return outcome satisfies never
      }
    },
    preview(enrolled, { from, ...asked }) {
      const request = { ...asked, from: from ?? undefined }
      const judged = engine.preview(enrolled, request)
      switch (judged.kind) {
        case 'plan':
          return { kind: 'starts' }
        case 'already':
          return { kind: 'unchanged' }
        case 'refused':
          return { kind: 'refused', message: `${judged.reason}. ${judged.remedy}` }
        case 'conflict': {
          const { to, state } = judged.conversion
          const message = `the phone is already being converted to ${to} (${state}); cancel that first`
          return { kind: 'refused', message }
        }
        /* c8 ignore next 2 -- the compiler proves that there is no other value */
        default:
          return judged satisfies never
      }
    },
    async cancel(mac) {
      const before = engine.conversion(mac)
      if (before === undefined) return { kind: 'not-found' }
      if (before.state === 'cancelled') return { kind: 'unchanged', conversion: before }
      const cancelled = engine.cancel(mac, nowMs())
      if (cancelled === undefined) return { kind: 'ended', conversion: before }
      await saved()
      return { kind: 'cancelled', conversion: cancelled }
    },
    subscribe: (mac, listener) => changes.subscribe(mac, listener),
  }
}

function planRefused({ code, reason, remedy, missingFirmware }: StartRefusal) {
  return {
    kind: 'plan-refused' as const,
    reason: code,
    message: `${reason}. ${remedy}`,
    problems: missingFirmware.map(({ load, step, why }) => ({
      path: `/steps/${step}`,
      message: `firmware ${load} is not available: ${why}`,
    })),
  }
}
