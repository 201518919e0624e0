import { hrefOf } from '../data/route.ts'

/** What a bench without phones has to be told: the way from a box of phones to the first one done. */
export function FirstSteps(props: { readonly loads: number; readonly phones: number }) {
  const { loads, phones } = props
  return (
    <section class="card" aria-labelledby="first-steps">
      <h2 id="first-steps">Convert the first phone</h2>
      <ol class="first-steps">
        <li>
          <a href={hrefOf({ kind: 'firmware' })}>Add the firmware</a>: the ZIP files as Cisco ships
          them, of the load that the phones should run.
          {loads === 0 ? null : (
            <Done text={loads === 1 ? '1 set available' : `${loads} sets available`} />
          )}
        </li>
        <li>
          <a href={hrefOf({ kind: 'enrol' })}>Enrol a phone</a> by the MAC address on its back.
          Other phones never receive a file that could change them.
          {phones === 0 ? null : (
            <Done text={phones === 1 ? '1 phone enrolled' : `${phones} phones enrolled`} />
          )}
        </li>
        <li>
          Open it here, choose the load, and start the conversion. Then power-cycle the phone once
          and watch the progress.
        </li>
      </ol>
    </section>
  )
}

function Done({ text }: { readonly text: string }) {
  return <span class="mark confirmed"> {text}</span>
}
