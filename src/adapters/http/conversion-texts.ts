import type { FastifyReply } from 'fastify'
import type { Conversion } from '../../conversion/conversion.ts'
import type { ConversionService } from '../../services/services.ts'
import { EntryTexts, jsonWriter } from './entry-texts.ts'
import { ConversionView, viewConversion } from './schemas/conversion.ts'

const write = jsonWriter(ConversionView)

/** Conversions of a list, each as JSON. */
export class ConversionTexts {
  readonly #conversions: ConversionService
  readonly #texts = new EntryTexts<Conversion>()

  constructor(conversions: ConversionService) {
    this.#conversions = conversions
  }

  /** @param reply - That the text is for. */
  of(conversion: Conversion, reply: FastifyReply): Buffer {
    const { mac } = conversion
    const warnings = this.#conversions.warnings(mac)
    const restart = this.#conversions.restartMode(mac)
    return this.#texts.of(conversion, [restart, ...warnings], () =>
      write(reply, viewConversion(conversion, { warnings, restart })),
    )
  }
}
