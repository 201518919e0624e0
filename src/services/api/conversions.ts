import type { ConversionDesk, StartRefusal } from '../../conversion/conversion-desk.ts'
import type { Phone } from '../../inventory/phone.ts'
import type { Mac } from '../../net/mac.ts'
import type { ConversionService } from '../services.ts'
import type { Subscribers } from '../subscribers.ts'

/** What the conversion service is joined of. */
export type ConversionServiceParts = {
  readonly desk: ConversionDesk
  readonly phone: (mac: Mac) => Phone | undefined
  /** What an operator should know before a phone is taken to a load, and after. */
  readonly warnings: (mac: Mac, to: string) => readonly string[]
  /** Whether the appliance restarts a phone if no request has decided. */
  readonly restartsByItself: (mac: Mac) => boolean
  readonly changes: Subscribers<Mac>
  /** Resolves when what the desk has decided so far is on disk. */
  readonly saved: () => Promise<void>
  readonly nowMs: () => number
}

/** Phones under way, as the API asks. An answer is given when it would survive a crash. */
export function conversionService(parts: ConversionServiceParts): ConversionService {
  const { desk, phone, changes, saved, nowMs } = parts
  return {
    list: () => desk.conversions(),
    get: (mac) => desk.conversion(mac),
    rollback: (mac) => desk.rollback(mac),
    warnings(mac) {
      const conversion = desk.conversion(mac)
      return conversion === undefined ? [] : parts.warnings(mac, conversion.to)
    },
    restartMode: (mac) =>
      desk.conversion(mac)?.restart ?? (parts.restartsByItself(mac) ? 'auto' : 'manual'),
    async start(mac, { to, from, path, acceptOneWay, acceptFrom, restart }) {
      const enrolled = phone(mac)
      if (enrolled === undefined) return { kind: 'not-found' }
      const request = { to, from: from ?? undefined, path, acceptOneWay, acceptFrom, restart }
      const outcome = desk.start(enrolled, request, nowMs())
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
        default:
          return outcome satisfies never
      }
    },
    preview(enrolled, { from, ...asked }) {
      const request = { ...asked, from: from ?? undefined }
      const judged = desk.preview(enrolled, request)
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
        default:
          return judged satisfies never
      }
    },
    async cancel(mac) {
      const before = desk.conversion(mac)
      if (before === undefined) return { kind: 'not-found' }
      const cancelled = desk.cancel(mac, nowMs())
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
