/** Placeholder of the event list; see the DHCP engine. */
export type DhcpEvent = { readonly event: `dhcp.${string}` }
