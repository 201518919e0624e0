import type { PhoneModel } from '../../phones/family/family.ts'

/** A phone on a CallManager that shall speak SIP. */
export type MigratingPhone = {
  /** Twelve upper-case hex digits. */
  readonly mac: string
  /** Null where no file says it; CallManager knows. */
  readonly model: PhoneModel | null
  readonly description: string | null
  readonly directoryNumber: string | null
}

/** The name under which CallManager has the phone, before and after the migration. */
export function deviceName(mac: string): string {
  return `SEP${mac}`
}
