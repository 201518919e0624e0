import { hrefOf } from '../data/route.ts'

/** What is shown for a phone that is not enrolled. */
export function NotEnrolled() {
  return (
    <p class="note bad">
      This phone is not enrolled. <a href={hrefOf({ kind: 'enrol' })}>Enrol it</a> to convert it.
    </p>
  )
}
