import type {
  Conversion,
  ConversionState,
  Diagnosis,
  StepStage,
} from '../../conversion/conversion.ts'
import type { Evidence, EvidenceKind } from '../../conversion/evidence.ts'
import type { RolloutPhoneState, RolloutState } from '../../conversion/rollout.ts'
import type { FirmwareFile } from '../../inventory/firmware.ts'
import type { Mac } from '../../net/mac.ts'
import type { PhoneModel } from '../../phones/family/family.ts'
import type { SeenSoftware } from '../../phones/seen-software.ts'

/** Who began a conversion or a roll-out, as far as events still tell. */
export type StartedBy = {
  readonly how: 'operator' | 'rollout' | 'import' | 'automatic-enrolment'
  /** The name of the token, or `token`, `loopback`; null where that is not recorded. */
  readonly by: string | null
  /** Where the request came from; null where that is not recorded. */
  readonly address: string | null
  /** The roll-out that it was part of; null for none. */
  readonly rollout: string | null
}

/** A firmware set as it is stored now. */
export type FirmwareOfReport = {
  readonly load: string
  /** Empty where the set is no longer stored. */
  readonly files: readonly FirmwareFile[]
}

/** A firmware file that the phone has acknowledged whole. */
export type FetchedImage = {
  readonly name: string
  readonly bytes: number
  /** Of the bytes that were sent; null where the event of its start is no longer kept. */
  readonly sha256: string | null
  readonly atMs: number
}

/** The last conversion of a phone, as a report has it. */
export type ReportedConversion = Pick<
  Conversion,
  'from' | 'to' | 'confirmedBy' | 'evidence' | 'startedAtMs'
> & {
  readonly state: ConversionState
  readonly steps: readonly {
    readonly load: string
    readonly method: Conversion['steps'][number]['method']
    readonly oneWay: boolean
    readonly stage: StepStage
  }[]
  readonly diagnosis: Diagnosis | null
  /** When it was confirmed or cancelled; null before. */
  readonly endedAtMs: number | null
  /** Null where no event tells any longer. */
  readonly startedBy: StartedBy | null
}

/** What can be said of one phone: for print, and for the files of a seller or a repair shop. */
export type PhoneReport = {
  readonly mac: Mac
  /** As its own web page told; null where no page was read, or the event is no longer kept. */
  readonly serial: string | null
  readonly model: PhoneModel | null
  readonly label: string | null
  readonly network: string | null
  readonly profile: string | null
  readonly seen: SeenSoftware | null
  /** Null where it never had one. */
  readonly conversion: ReportedConversion | null
  /** The sets of the conversion's steps. */
  readonly firmware: readonly FirmwareOfReport[]
  /** Firmware files since the conversion began, the last transfer of each. */
  readonly fetched: readonly FetchedImage[]
  readonly writtenAtMs: number
  /** Of the appliance. */
  readonly version: string
}

/** One phone in the report of a roll-out. */
export type ReportedRolloutPhone = {
  readonly mac: Mac
  readonly serial: string | null
  readonly model: PhoneModel | null
  readonly label: string | null
  readonly isCanary: boolean
  readonly state: RolloutPhoneState
  readonly reason: string | null
  /** What the phone ran before; null where it had nothing to do, or has had another conversion since. */
  readonly from: string | null
  readonly confirmedBy: EvidenceKind | null
  readonly evidence: readonly Evidence[]
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
}

/** What can be said of one roll-out, phone by phone. */
export type RolloutReport = {
  readonly id: string
  readonly to: string
  readonly from: string | null
  readonly state: RolloutState
  readonly reason: string | null
  readonly startedAtMs: number
  /** When it ended with no phone under way; null before. */
  readonly endedAtMs: number | null
  readonly startedBy: StartedBy | null
  readonly phones: readonly ReportedRolloutPhone[]
  readonly firmware: readonly FirmwareOfReport[]
  readonly writtenAtMs: number
  readonly version: string
}
