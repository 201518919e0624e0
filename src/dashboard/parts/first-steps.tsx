import { hrefOf } from '../data/route.ts'

/** What a bench without phones has to be told: the way from a box of phones to the first one done. */
export function FirstSteps(props: { readonly loads: number; readonly phones: number }) {
  const { loads, phones } = props
  return (
    <section class="card" aria-labelledby="first-steps">
      <h2 id="first-steps">Convert the first phone</h2>
      <ol class="first-steps">
        <li>
          <a href={hrefOf({ kind: 'firmware' })}>Add the firmware</a>: the ZIP files as they come
          from Cisco, of the load that phones shall run.
          {loads === 0 ? null : (
            <Done text={loads === 1 ? '1 set is at hand' : `${loads} sets are at hand`} />
          )}
        </li>
        <li>
          <a href={hrefOf({ kind: 'enrol' })}>Enrol a phone</a> by the MAC address on its back.
          Nothing that could change it is given to any other phone.
          {phones === 0 ? null : (
            <Done text={phones === 1 ? '1 phone is enrolled' : `${phones} phones are enrolled`} />
          )}
        </li>
        <li>
          Open it here, choose the load, and start the conversion. Then power-cycle the phone once
          and watch it walk.
        </li>
      </ol>
    </section>
  )
}

function Done({ text }: { readonly text: string }) {
  return <span class="mark confirmed"> {text}</span>
}
