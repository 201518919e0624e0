import type { FastifyInstance } from 'fastify'
import type { Services } from '../../services/services.ts'
import { ProblemError } from './problem.ts'
import { sharedStoreFault } from './store-fault.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What it changes is kept by this appliance alone, or nowhere. */
    isLocal?: boolean
  }
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes while the store that appliances share is away, before their bodies are read:
 * megabytes that cannot be stored are not waited for.
 */
export function gateWrites(
  app: FastifyInstance,
  { writeFault }: Pick<Services, 'writeFault'>,
): void {
  if (writeFault === undefined) return
  app.addHook('onRequest', async (request) => {
    const { readOnly, isLocal } = request.routeOptions.config
    if (request.is404 || READS.has(request.method) || readOnly === true || isLocal === true) return
    const fault = writeFault()
    if (fault !== null) throw new ProblemError(sharedStoreFault(fault))
  })
}
