import { type Agent, request } from 'node:https'
import type { TLSSocket } from 'node:tls'

/** Asks by a connection of the agent; the name in the certificate that it was made with. */
export function certificateName(port: number, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/healthz', agent, rejectUnauthorized: false }
    const asked = request(options, (answer) => {
      // A connection that is taken up again still has the certificate that it began with.
      const { subject } = (answer.socket as TLSSocket).getPeerCertificate()
      answer.resume().on('end', () => resolve(`${subject.CN}`))
    })
    asked.on('error', reject).end()
  })
}
