import { FAMILY_7940_7960 } from './7940-7960/family.ts'

/** The family whose phones are converted; there is one so far. */
export const family = FAMILY_7940_7960

/** A model of the family. */
export type PhoneModel = (typeof family.models)[number]['model']

/** The models of the family, in the order of their numbers. */
export const PHONE_MODELS: readonly PhoneModel[] = family.models.map(({ model }) => model)

/** Whether a text names a model of the family. */
export function isPhoneModel(text: string): text is PhoneModel {
  return PHONE_MODELS.some((model) => model === text)
}
