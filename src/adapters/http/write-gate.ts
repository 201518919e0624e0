import type { FastifyInstance } from 'fastify'
import type { Services } from '../../services/services.ts'
import { ProblemError } from './problem.ts'
import { changesNothing } from './read-only.ts'
import { sharedStoreFault } from './store-fault.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What it changes is kept by this appliance alone, or nowhere. */
    isLocal?: boolean
  }
}

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
    if (changesNothing(request) || request.routeOptions.config.isLocal === true) return
    const fault = writeFault()
    if (fault !== null) throw new ProblemError(sharedStoreFault(fault))
  })
}
