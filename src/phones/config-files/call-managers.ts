import { xmlText } from './phone-text.ts'

/**
 * The `callManagerGroup` element of both XML files. Phones want port and node name to be there
 * even where no call manager is used.
 *
 * @param nodes - Host names or addresses, best first.
 * @param indent - Blanks before the outer element.
 */
export function renderCallManagers(nodes: readonly string[], indent: string): string {
  const members = nodes.flatMap((node, priority) => [
    `    <member priority="${priority}">`,
    '      <callManager>',
    '        <ports>',
    '          <ethernetPhonePort>2000</ethernetPhonePort>',
    '        </ports>',
    `        <processNodeName>${xmlText(node)}</processNodeName>`,
    '      </callManager>',
    '    </member>',
  ])
  return [
    '<callManagerGroup>',
    '  <members>',
    ...members,
    '  </members>',
    '</callManagerGroup>',
    '',
  ]
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n')
}
