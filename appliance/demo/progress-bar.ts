const BAR_WIDTH = 32

/** A file on its way. */
export type Progress = { readonly file: string; readonly bytes: number; readonly of: number }

/** Draws a bar over the last line of a terminal; null clears the line, and no terminal no bar. */
export function drawProgress(terminal: NodeJS.WriteStream | null, progress: Progress | null): void {
  if (terminal === null) return
  terminal.write(`\r\u001b[K${progress === null ? '' : renderBar(progress)}`)
}

/** `P0S3-8-12-00.sb2 [########........]  50 %`. */
export function renderBar({ file, bytes, of }: Progress): string {
  const share = of === 0 ? 1 : Math.min(1, bytes / of)
  const full = Math.round(share * BAR_WIDTH)
  const bar = '#'.repeat(full) + '.'.repeat(BAR_WIDTH - full)
  return `          ${file} [${bar}] ${String(Math.round(share * 100)).padStart(3)} %`
}
