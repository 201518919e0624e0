import type { Conversion, ConversionStep } from '../data/types.ts'

/** Bytes for people: powers of 1024. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

/** A MAC address in pairs, as it is printed on the phone's label. */
export function formatMac(mac: string): string {
  return mac.match(/../g)?.join(':') ?? mac
}

/** The time of day of an ISO 8601 moment, with milliseconds: what a boot is read by. */
export function formatClock(iso: string): string {
  return formatted(iso, (at) => {
    const ms = String(at.getMilliseconds()).padStart(3, '0')
    return `${hoursOf(at)}:${two(at.getSeconds())}.${ms}`
  })
}

/** The date of an ISO 8601 moment, in this time zone. */
export function formatDate(iso: string): string {
  return formatted(iso, dateOf)
}

/** The day and minute of an ISO 8601 moment, in this time zone, in a form that sorts. */
export function formatDay(iso: string): string {
  return formatted(iso, (at) => `${dateOf(at)} ${hoursOf(at)}`)
}

/** The same to the second. */
export function formatMoment(iso: string): string {
  return formatted(iso, (at) => `${dateOf(at)} ${hoursOf(at)}:${two(at.getSeconds())}`)
}

/** The time zone of all times on the page, with its distance from UTC now. */
export function timeZoneWords(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const minutes = -new Date().getTimezoneOffset()
  const sign = minutes < 0 ? '-' : '+'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return minutes === 0 ? timeZone : `${timeZone} (UTC${sign}${two(hours)}:${two(rest)})`
}

/** What is no time is shown as it is. */
function formatted(iso: string, format: (at: Date) => string): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? iso : format(at)
}

function dateOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

function hoursOf(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`
}

function two(part: number): string {
  return String(part).padStart(2, '0')
}

/** A time span in its largest whole unit. */
export function durationWords(seconds: number): string {
  const units = [
    [86_400, 'days', 'day'],
    [3_600, 'hours', 'hour'],
    [60, 'minutes', 'minute'],
  ] as const
  const unit = units.find(([size]) => seconds >= size && seconds % size === 0)
  if (unit === undefined) return seconds === 1 ? '1 second' : `${seconds} seconds`
  const count = seconds / unit[0]
  return `${count} ${count === 1 ? unit[2] : unit[1]}`
}

/** The first digits of a SHA-256: enough to tell two files apart by eye. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 12)
}

/** How much of the image under way is fetched, 0 to 100. */
export function percentOfStep({ stage, progress }: ConversionStep): number {
  if (stage === 'confirmed') return 100
  if (progress === null || progress.of <= 0) return 0
  return Math.min(100, Math.floor((100 * progress.bytes) / progress.of))
}

/** A conversion's stage in words, with the step where there are several. */
export function describeStage(conversion: Conversion): string {
  const { state, steps, step, to } = conversion
  if (state === 'confirmed') return `confirmed: runs ${to}`
  if (state === 'cancelled') return 'cancelled'
  const current = steps[step]
  if (current === undefined) return state
  const words = state === 'stalled' ? 'stalled' : stageWords(current, conversion.restart)
  return steps.length === 1 ? words : `step ${step + 1} of ${steps.length}: ${words}`
}

/** Where the appliance restarts phones, `atThePhone` says what is left to do by hand. */
const WAITING = 'waiting for the phone to start'

/** What to do, or what goes on, at a stage. */
export function stageWords(
  { stage, progress }: ConversionStep,
  restart: Conversion['restart'] = 'manual',
): string {
  switch (stage) {
    case 'waiting':
      return restart === 'auto' ? WAITING : 'waiting: power-cycle the phone'
    case 'fetching':
      return progress === null ? 'fetching' : `fetching ${progress.file}`
    case 'booting':
    case 'flashing':
    case 'rebooting':
    case 'confirmed':
    case 'stalled':
      return stage
    default:
      return stage satisfies never
  }
}

/** What is said of firmware that the project makes itself. */
export const SYNTHETIC_NOTE = 'synthetic, for simulated phones'
