/** The server, on the link that it shares with the relay agent. */
export const SERVER_ADDRESS = '10.20.0.2'

/** The relay agent's end of that link. */
export const LINK_ADDRESS = '10.20.0.1'

/** The clients' network, behind the relay agent. */
export const CLIENTS_SUBNET = '10.30.0.0/22'

/** The relay agent on the clients' network: giaddr. */
export const RELAY_ADDRESS = '10.30.0.1'
