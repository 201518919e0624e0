import { useState } from 'preact/hooks'
import type { Problem } from '../data/types.ts'
import { fieldName } from '../words/field-names.ts'

/** A refusal of the API, in its words, with every single fault; it stays until it is dismissed. */
export function ProblemNote(props: {
  readonly problem: Problem | null
  /** What else goes away with it. */
  readonly onDismiss?: () => void
}) {
  const { problem, onDismiss } = props
  const [dismissed, setDismissed] = useState<Problem | null>(null)
  if (problem === null || problem === dismissed) return null
  const { title, detail, problems = [] } = problem
  return (
    <div class="note bad" role="alert">
      <button
        type="button"
        class="dismiss"
        onClick={() => {
          setDismissed(problem)
          onDismiss?.()
        }}
      >
        Dismiss
      </button>
      <p>
        <strong>{title}</strong>
      </p>
      <p>{detail}</p>
      {problems.length === 0 ? null : (
        <ul>
          {problems.map((one) => (
            <Fault key={JSON.stringify(one)} {...one} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Fault({ file, path, fault, message }: NonNullable<Problem['problems']>[number]) {
  const where = file ?? path ?? ''
  const name = fieldName(where)
  return (
    <li>
      {where === '' ? null : name === where ? <code>{where}</code> : <strong>{name}</strong>}{' '}
      {fault ?? message}
    </li>
  )
}
