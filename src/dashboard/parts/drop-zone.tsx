import { useState } from 'preact/hooks'

/** A place where files are dropped, or chosen. */
export function DropZone(props: {
  readonly text: string
  readonly hint: string
  /** Which files are offered first, as `accept` has it. */
  readonly accept?: string
  readonly onFiles: (files: readonly File[]) => void
}) {
  const { text, hint, accept, onFiles } = props
  const [isOver, setIsOver] = useState(false)
  return (
    <label
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        onFiles([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <span>
        {text}
        <span class="hint block">{hint}</span>
      </span>
      <input
        type="file"
        {...(accept === undefined ? {} : { accept })}
        multiple
        onChange={(event) => {
          const input = event.currentTarget
          onFiles([...(input.files ?? [])])
          // So that the same file can be chosen again once it is put right.
          input.value = ''
        }}
      />
    </label>
  )
}
