import { useState } from 'preact/hooks'
import { Field } from '../parts/field.tsx'

/** Asks for the token of the API. */
export function TokenView(props: {
  /** Why the last one was not taken; empty where there was none. */
  readonly why: string
  readonly onToken: (token: string) => void
}) {
  const [token, setToken] = useState('')
  return (
    <>
      <h1>Token required</h1>
      <p>
        It is in the file that <code>api.tokenFile</code> of the configuration names. The page keeps
        it until this tab is closed.
      </p>
      {props.why === '' ? null : (
        <p class="note bad" role="alert">
          {props.why}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (token.trim() !== '') props.onToken(token.trim())
        }}
      >
        <Field label="Token">
          {(ids) => (
            <input
              {...ids}
              type="password"
              autocomplete="off"
              required
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          )}
        </Field>
        <p class="actions">
          <button type="submit" class="main">
            Continue
          </button>
        </p>
      </form>
    </>
  )
}
