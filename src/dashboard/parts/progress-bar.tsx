/** How much is done, 0 to 100. Drawn by attributes: the policy of the page allows no inline style. */
export function ProgressBar({
  percent,
  label,
}: {
  readonly percent: number
  readonly label: string
}) {
  return (
    <div
      class="progress"
      role="progressbar"
      tabIndex={-1}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="progress-all" width="100" height="10" />
        <rect class="progress-done" width={percent} height="10" />
      </svg>
      <span aria-hidden="true">{percent} %</span>
    </div>
  )
}
