import { hrefOf } from '../data/route.ts'

/** What is shown of a phone that nobody named. */
export function NotEnrolled() {
  return (
    <p class="note bad">
      This phone is not enrolled. <a href={hrefOf({ kind: 'enrol' })}>Enrol it</a> to convert it.
    </p>
  )
}
