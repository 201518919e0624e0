import type { RequestedFile } from '../requested-file.ts'
import type { RecommendedLoad, UpgradeRule } from '../upgrade-rules.ts'

/** The call-control protocol of a load, by the third character of its name. */
export type Protocol = 'sccp' | 'sip' | 'mgcp'

/** What a name says, before any judgement on its spelling. */
export type NameParts = {
  readonly protocol: Protocol
  readonly role: 'load' | 'loader'
  /** As Cisco prints it: `8.12`, `8.1(2)SR2`, `5.0(1.1)`. */
  readonly release: string
  readonly major: number
  readonly minor: number
  readonly maintenance: number
  readonly build: number
  /** The spelling under which Cisco ships this release. */
  readonly shipped: string
}

/** A load that a public document or a field report names. */
export type KnownLoad = {
  readonly load: string
  /** The release as the source prints it; the name says the same. */
  readonly release: string
  readonly source: string
}

/** A name that phones ask for; the groups of the pattern are given to `read`. */
export type RequestPattern = {
  readonly pattern: RegExp
  readonly read: (first: string, second: string) => RequestedFile
}

/** One model of a family. */
export type ModelFacts<Model extends string = string> = {
  readonly model: Model
  /** The number by which Cisco's call control knows it, as in `loadInformation7`. */
  readonly loadNumber: number
  /** Line keys. */
  readonly lines: number
}

/**
 * Times of a phone of the family between two things that it does, in milliseconds of a real phone.
 * What a load proves depends on them.
 */
export type BootTimes = {
  /** From the first to the last file of a loader's hunt, at most. */
  readonly longestHuntMs: number
  /** More than any hunt takes: an application that returns to its loader runs longer. */
  readonly longerThanAHuntMs: number
  /** After the file that names a load: a loader has asked for `.loads` by then. */
  readonly loadsWouldFollowMs: number
  /** After the same file: a phone without a loader has asked for the image by then; seen before. */
  readonly imageWouldFollowMs: number
  /** The same if no earlier start has shown it. */
  readonly quietStartMs: number
  /** After `.loads`: an application that needs no image has started by then. */
  readonly latestStartAfterLoadsMs: number
  /** After the last image: an application that starts sooner is not the one that was sent. */
  readonly refusalWindowMs: Readonly<Record<'sip' | 'sccp', number>>
  /** After the last image: a phone that refused it has asked for something by then. */
  readonly silenceMs: number
}

/**
 * Models that share firmware: all that tells them from other phones, as data. The parts of
 * `phones` read from it; nothing outside of this folder names a model.
 */
export type PhoneFamily<Model extends string = string> = {
  /** In a sentence about one of them: "7940 or 7960". */
  readonly either: string
  /** In a sentence about all of them: "7940 and 7960". */
  readonly all: string
  readonly models: readonly ModelFacts<Model>[]
  /** Written where the model is not known; phones of all models accept it. */
  readonly unknownModel: Model
  readonly loads: {
    /** Undefined where no form fits; letter case and blanks are not forgiven. */
    readonly read: (text: string) => NameParts | undefined
    /** How names look, for a message. */
    readonly forms: string
    /** Names that begin like a load of this family, which no other model takes. */
    readonly begin: RegExp
    /** Major release from which a load runs under the universal application loader. */
    readonly ualSince: Readonly<Record<Protocol, number>>
    /** Major release from which a load accepts signed images alone. */
    readonly signedSince: number
    readonly others: readonly { readonly pattern: RegExp; readonly model: string }[]
    readonly known: readonly KnownLoad[]
    readonly recommended: readonly RecommendedLoad[]
  }
  /** The first that fits decides. */
  readonly requestPatterns: readonly RequestPattern[]
  /** Every legal step. */
  readonly upgradeRules: readonly UpgradeRule[]
  readonly bootTimes: BootTimes
}
