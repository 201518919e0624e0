/** Names and values side by side; what is null is left out. */
export function Facts(props: {
  readonly facts: readonly (readonly [name: string, value: string | null])[]
}) {
  return (
    <dl class="facts">
      {props.facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
