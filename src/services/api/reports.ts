import type { Conversion } from '../../conversion/conversion.ts'
import { EVIDENCE_KINDS } from '../../conversion/evidence.ts'
import type { Rollout, RolloutPhone } from '../../conversion/rollout.ts'
import type { StoredFirmware } from '../../inventory/firmware.ts'
import type { Phone } from '../../inventory/phone.ts'
import type { Mac } from '../../net/mac.ts'
import { allEvents } from '../events/event-places.ts'
import { fetchedImages } from '../report/fetched-images.ts'
import type {
  FirmwareOfReport,
  PhoneReport,
  ReportedConversion,
  ReportedRolloutPhone,
  RolloutReport,
} from '../report/report.ts'
import {
  conversionStarter,
  hasBegun,
  ORDER_WITHIN_MS,
  rolloutStarter,
} from '../report/started-by.ts'
import type { EventService, RecordedEvent, ReportService, SeenService } from '../services.ts'

/** What reports are gathered from. */
export type ReportParts = {
  readonly inventory: {
    phone(mac: Mac): Phone | undefined
    firmware(load: string): StoredFirmware | undefined
  }
  readonly conversion: (mac: Mac) => Conversion | undefined
  readonly rollouts: () => readonly Rollout[]
  readonly seen: SeenService
  readonly events: Pick<EventService, 'here' | 'list'>
  readonly version: () => string
  readonly nowMs: () => number
}

/** The roll-out hears of the end a moment later than the journal, in milliseconds. */
const ENDS_WITHIN_MS = 1_000

/** Events of one kind that a report reads at most: the newest. */
const MOST_EVENTS = 1_000

const SERIAL = 'phone.serial.seen'

/** Reports for print: of conversions, roll-outs, firmware and events as they are stored. */
export function reportService(parts: ReportParts): ReportService {
  const { inventory, conversion, rollouts, version, nowMs } = parts
  return {
    async phone(mac) {
      const phone = inventory.phone(mac)
      if (phone === undefined) return undefined
      const { model, label, network, profile } = phone
      const last = conversion(mac)
      return {
        mac,
        serial: await serialOf(mac, parts),
        model,
        label,
        network,
        profile,
        seen: parts.seen.get(mac) ?? null,
        conversion: last === undefined ? null : await reported(last, parts),
        firmware: firmwareOf(last === undefined ? [] : [last], parts),
        fetched: last === undefined ? [] : await fetchedSince(last, parts),
        writtenAtMs: nowMs(),
        version: version(),
      } satisfies PhoneReport
    },
    async rollout(id) {
      const rollout = rollouts().find((one) => one.id === id)
      return rollout === undefined ? undefined : reportRollout(rollout, parts)
    },
  }
}

async function reportRollout(rollout: Rollout, parts: ReportParts): Promise<RolloutReport> {
  const { id, to, from, state, reason, startedAtMs, phones } = rollout
  const serials = await serialsOfAll(new Set(phones.map(({ mac }) => mac)), parts)
  return {
    id,
    to,
    from,
    state,
    reason,
    startedAtMs,
    endedAtMs: endOfRollout(rollout),
    startedBy: rolloutStarter(id, await changesFrom(startedAtMs, parts)),
    phones: await rowsOf(rollout, { ...parts, serials }),
    firmware: firmwareOf(
      phones.flatMap((one) => conversionIn(rollout, one, parts) ?? []),
      parts,
    ),
    writtenAtMs: parts.nowMs(),
    version: parts.version(),
  }
}

async function reported(conversion: Conversion, parts: ReportParts): Promise<ReportedConversion> {
  const { mac, from, to, state, steps, confirmedBy, evidence, diagnosis, startedAtMs } = conversion
  const rollout = parts
    .rollouts()
    .find((one) => one.phones.some((phone) => hasBegun(one, phone, conversion)))
  const enrolled = await parts.events.list({ mac, prefix: 'enrol.phone.enrolled', limit: 1 })
  const startedBy = conversionStarter(conversion, {
    changes: await changesFrom(startedAtMs, parts),
    rollout:
      rollout === undefined
        ? null
        : { id: rollout.id, changes: await changesFrom(rollout.startedAtMs, parts) },
    isAutomatic: enrolled.length > 0,
  })
  return {
    from,
    to,
    state,
    steps: steps.map(({ load, method, oneWay, stage }) => ({ load, method, oneWay, stage })),
    confirmedBy,
    evidence,
    diagnosis,
    startedAtMs,
    endedAtMs: endOfConversion(conversion),
    startedBy,
  }
}

type RowParts = ReportParts & { readonly serials: ReadonlyMap<Mac, string> }

/** One after the other: each row may ask for events. */
async function rowsOf(rollout: Rollout, parts: RowParts): Promise<readonly ReportedRolloutPhone[]> {
  const rows: ReportedRolloutPhone[] = []
  for (const phone of rollout.phones) rows.push(await rowOf(rollout, phone, parts))
  return rows
}

async function rowOf(
  rollout: Rollout,
  phone: RolloutPhone,
  parts: RowParts,
): Promise<ReportedRolloutPhone> {
  const { mac, isCanary, state, reason, startedAtMs, endedAtMs } = phone
  const entry = parts.inventory.phone(mac)
  const proof = conversionIn(rollout, phone, parts) ?? (await recordedProof(rollout, phone, parts))
  return {
    mac,
    serial: parts.serials.get(mac) ?? null,
    model: entry?.model ?? null,
    label: entry?.label ?? null,
    isCanary,
    state,
    reason,
    from: proof?.from ?? null,
    confirmedBy: proof?.confirmedBy ?? null,
    evidence: proof?.evidence ?? [],
    startedAtMs,
    endedAtMs,
  }
}

/** Of a phone that has had another conversion since, the event tells as long as it is kept. */
async function recordedProof(
  { to }: Rollout,
  { mac, state, startedAtMs, endedAtMs }: RolloutPhone,
  { events }: ReportParts,
): Promise<Pick<Conversion, 'from' | 'confirmedBy' | 'evidence'> | undefined> {
  if (state !== 'confirmed' || startedAtMs === null || endedAtMs === null) return undefined
  const window = { sinceMs: startedAtMs, untilMs: endedAtMs + ENDS_WITHIN_MS }
  const [event] = await events.list({ mac, prefix: 'conversion.confirmed', ...window, limit: 1 })
  const fields = event?.fields ?? {}
  const kind = EVIDENCE_KINDS.find((one) => one === fields['evidence'])
  if (event === undefined || kind === undefined || fields['to'] !== to) return undefined
  const from = typeof fields['from'] === 'string' ? fields['from'] : null
  const evidence = [{ atMs: event.atMs, kind, detail: `${fields['detail']}` }]
  return { from, confirmedBy: kind, evidence }
}

/** Only the last conversion of a phone is kept: it may be a later one. */
function conversionIn(rollout: Rollout, phone: RolloutPhone, { conversion }: ReportParts) {
  const last = conversion(phone.mac)
  return last !== undefined && hasBegun(rollout, phone, last) ? last : undefined
}

/** The sets of all steps, each once, in the order of the steps. */
function firmwareOf(
  conversions: readonly Conversion[],
  { inventory }: ReportParts,
): readonly FirmwareOfReport[] {
  const loads = new Set(conversions.flatMap(({ steps }) => steps.map(({ load }) => load)))
  return [...loads].map((load) => ({ load, files: inventory.firmware(load)?.files ?? [] }))
}

async function fetchedSince({ mac, startedAtMs: sinceMs }: Conversion, parts: ReportParts) {
  const limit = MOST_EVENTS
  return fetchedImages(await parts.events.list({ mac, prefix: 'tftp.transfer.', sinceMs, limit }))
}

/** The serial number that a phone told on its web page last; null where it told none. */
async function serialOf(mac: Mac, { events }: ReportParts): Promise<string | null> {
  const [told] = await events.list({ mac, prefix: SERIAL, limit: 1 })
  return told === undefined ? null : `${told.fields['serial']}`
}

/** Those of many phones, each as it was told last. */
async function serialsOfAll(
  wanted: ReadonlySet<Mac>,
  { events }: ReportParts,
): Promise<ReadonlyMap<Mac, string>> {
  const serials = new Map<Mac, string>()
  for await (const page of allEvents(events, { prefix: SERIAL })) {
    for (const { mac, fields } of page) {
      if (mac !== null && wanted.has(mac)) serials.set(mac, `${fields['serial']}`)
    }
  }
  return serials
}

function changesFrom(sinceMs: number, parts: ReportParts): Promise<readonly RecordedEvent[]> {
  const untilMs = sinceMs + ORDER_WITHIN_MS
  return parts.events.list({ prefix: 'audit.change', sinceMs, untilMs, limit: MOST_EVENTS })
}

function endOfConversion({ state, evidence, updatedAtMs }: Conversion): number | null {
  if (state === 'confirmed') return evidence.at(-1)?.atMs ?? updatedAtMs
  return state === 'cancelled' ? updatedAtMs : null
}

function endOfRollout({ state, phones, updatedAtMs }: Rollout): number | null {
  const isMoving = phones.some((one) => one.state === 'waiting' || one.state === 'running')
  const isOver = state === 'stopped' || state === 'finished'
  return isOver && !isMoving ? updatedAtMs : null
}
