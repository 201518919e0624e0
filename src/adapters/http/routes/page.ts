import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'

/**
 * The page, at `/`: the files of its folder as they are at start, and nothing else. They hold no
 * secret and need no token; the page asks for one itself.
 */
export function pageRoutes(folder: string): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: true }
    })
    // One route a file: a path that is not listed cannot be asked of the disk.
    await app.register(fastifyStatic, { root: folder, prefix: '/', wildcard: false })
  }
}
