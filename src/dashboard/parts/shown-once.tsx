/** A secret that the appliance never shows again, until it is hidden. */
export function ShownOnce(props: {
  /** What it is and what to do with it. */
  readonly words: string
  readonly secret: string
  readonly onHide: () => void
}) {
  return (
    <div class="note todo">
      <p>{props.words} It is shown only now.</p>
      <pre class="command">{props.secret}</pre>
      <p class="actions">
        <button type="button" onClick={props.onHide}>
          I have stored it
        </button>
      </p>
    </div>
  )
}
