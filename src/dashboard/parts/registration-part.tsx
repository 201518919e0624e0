import type { Phone } from '../data/types.ts'
import { registrationFacts } from '../words/registration-words.ts'
import { Facts } from './facts.tsx'

/** How a phone is registered with the appliance. */
export function RegistrationPart({ phone }: { readonly phone: Phone }) {
  const { registration } = phone
  return (
    <section aria-labelledby="registration-title">
      <h2 id="registration-title">Registration</h2>
      {registration === null ? (
        <p class="hint">Not registered with this appliance.</p>
      ) : (
        <Facts facts={registrationFacts(registration)} />
      )}
    </section>
  )
}
