import type { Problem } from '../data/types.ts'

/** A refusal of the API, in its words, with every single fault. */
export function ProblemNote({ problem }: { readonly problem: Problem | null }) {
  if (problem === null) return null
  const { title, detail, problems = [] } = problem
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>{title}</strong>
      </p>
      <p>{detail}</p>
      {problems.length === 0 ? null : (
        <ul>
          {problems.map((one) => {
            const where = one.file ?? one.path ?? ''
            const what = one.fault ?? one.message ?? ''
            return (
              <li key={`${where} ${what}`}>
                {where === '' ? null : <code>{where}</code>} {what}
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
