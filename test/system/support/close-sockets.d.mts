/** Closes the UDP sockets of this process that are bound to a port; how many there were. */
export function closeUdpSockets(port: number): number
