/**
 * A counter of a network, for people.
 *
 * @param name - An event, and behind a colon the reason where there is one, as in
 *   `dhcp.discover.ignored:not-enrolled`.
 */
export function counterWords(name: string): string {
  const [event = '', reason] = name.split(':')
  const [source = '', ...rest] = event.split('.')
  const words = `${source.toUpperCase()} ${rest.join(' ')}`
  return reason === undefined ? words : `${words} (${reason.replaceAll('-', ' ')})`
}
