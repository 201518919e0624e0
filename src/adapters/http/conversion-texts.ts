import type { FastifyReply } from 'fastify'
import type { Conversion } from '../../conversion/conversion.ts'
import type { ConversionService } from '../../services/services.ts'
import { EntryTexts } from './entry-texts.ts'
import { ConversionView, viewConversion } from './schemas/conversion.ts'

/** The same object each time: what is compiled of it is kept with it. */
const SCHEMA = { ...ConversionView }

/** Conversions of a list, each as JSON. */
export class ConversionTexts {
  readonly #conversions: ConversionService
  readonly #texts = new EntryTexts<Conversion>()

  constructor(conversions: ConversionService) {
    this.#conversions = conversions
  }

  /** @param reply - That the text is for: it knows how to write by a schema. */
  of(conversion: Conversion, reply: FastifyReply): Buffer {
    const { mac } = conversion
    const warnings = this.#conversions.warnings(mac)
    const restart = this.#conversions.restartMode(mac)
    return this.#texts.of(conversion, [restart, ...warnings], () => {
      const write = reply.compileSerializationSchema(SCHEMA)
      return write(viewConversion(conversion, { warnings, restart }))
    })
  }
}
