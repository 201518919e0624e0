import { isMap, isScalar, isSeq, type LineCounter, type Node, type Range } from 'yaml'

/**
 * Finds the line of a YAML text on which something stands that a problem's path names.
 *
 * @param path - As in `phones[0].knobs.lossRate`.
 * @returns 1 or more. Where a part of the path is missing, the line of what it is missing from.
 */
export function lineOfPath(root: Node | null, lines: LineCounter, path: string): number {
  let node = root
  let offset = root === null ? 0 : startOf(root)
  for (const part of path.match(/[^.[\]]+/g) ?? []) {
    const found = partOf(node, part)
    if (found === undefined) break
    node = found.node
    offset = found.offset
  }
  return lines.linePos(offset).line
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
