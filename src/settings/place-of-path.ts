import { isMap, isScalar, isSeq, type LineCounter, type Node, type Range } from 'yaml'

/** A place in a text, both numbers from 1. */
export type Place = { readonly line: number; readonly column: number }

/**
 * Finds where in a YAML text something stands that a problem's path names: its key, or as an item of a
 * list the item.
 *
 * @param path - As in `phones[0].knobs.lossRate`.
 * @returns Where a part of the path is missing, the place of what it is missing from.
 */
export function placeOfPath(root: Node | null, lines: LineCounter, path: string): Place {
  let node = root
  let offset = root === null ? 0 : startOf(root)
  for (const part of path.match(/[^.[\]]+/g) ?? []) {
    const found = partOf(node, part)
    if (found === undefined) break
    node = found.node
    offset = found.offset
  }
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

type Found = { readonly node: Node | null; readonly offset: number }

function partOf(node: Node | null, part: string): Found | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
    if (pair === undefined) return undefined
    return { node: pair.value as Node | null, offset: startOf(pair.key as Node) }
  }
  const item = isSeq(node) ? (node.items[Number(part)] as Node | undefined) : undefined
  return item && { node: item, offset: startOf(item) }
}

/** What was parsed has a place in the text. */
function startOf(node: Node): number {
  return (node.range as Range)[0]
}
