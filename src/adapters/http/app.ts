import { randomUUID } from 'node:crypto'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyPluginAsync,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Services } from '../../services/services.ts'
import { guardAccess } from './access.ts'
import type { Api } from './api.ts'
import { auditChanges } from './audit.ts'
import { DEFAULT_UPLOADS_IN_FLIGHT, limitBodies } from './body-limit.ts'
import { limitByRole } from './caller.ts'
import { handleClientError } from './client-error.ts'
import { limitConnections } from './connection-limit.ts'
import { ConversionTexts } from './conversion-texts.ts'
import { refuseCrossSite } from './cross-site.ts'
import { handleErrors, handleUnreadablePaths } from './error-handler.ts'
import { JSON_BODY_LIMIT_BYTES, readJsonBodies } from './json-body.ts'
import { compileLate } from './late-compilers.ts'
import { Metrics } from './metrics.ts'
import { answerUnknownPaths } from './not-found.ts'
import { OpenAnswers } from './open-answers.ts'
import { describeApi } from './open-api.ts'
import { PeerLines } from './peer-lines.ts'
import { logAnswers } from './request-log.ts'
import { applianceRoutes } from './routes/appliances.ts'
import { conversionRoutes } from './routes/conversions.ts'
import { documentRoutes } from './routes/documents.ts'
import { eventRoutes } from './routes/events.ts'
import { fileRoutes } from './routes/files.ts'
import { firmwareRoutes } from './routes/firmware.ts'
import { healthRoutes, statusRoutes } from './routes/health.ts'
import { leaseRoutes } from './routes/leases.ts'
import { metricRoutes } from './routes/metrics.ts'
import { networkRoutes } from './routes/networks.ts'
import { pageRoutes } from './routes/page.ts'
import { phoneConversionRoutes } from './routes/phone-conversion.ts'
import { phoneFileRoutes } from './routes/phone-files.ts'
import { phoneImportRoutes } from './routes/phone-import.ts'
import { phoneListRoutes } from './routes/phone-list.ts'
import { phoneRestartRoutes } from './routes/phone-restart.ts'
import { phoneTraceRoutes } from './routes/phone-traces.ts'
import { phoneRoutes } from './routes/phones.ts'
import { planRoutes } from './routes/plans.ts'
import { profileRoutes } from './routes/profiles.ts'
import { reloadRoutes } from './routes/reload.ts'
import { reportRoutes } from './routes/reports.ts'
import { rolloutRoutes } from './routes/rollouts.ts'
import { surveyRoutes } from './routes/surveys.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { unknownDeviceRoutes } from './routes/unknown-devices.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { describeStoreFaults } from './store-fault.ts'
import { gateWrites } from './write-gate.ts'

/** What a server proves itself by, each a PEM text. */
export type TlsFiles = { readonly cert: string; readonly key: string }

/** What the API is built from. */
export type AppOptions = {
  readonly services: Services
  /** Null: no token is asked for; only for a listener on loopback. */
  readonly token: string | null
  /** Names, besides `localhost` and IP literals, under which the API is reached. */
  readonly allowedHosts: readonly string[]
  /** Folder of the built page, served at `/`; null where there is none. */
  readonly staticDir: string | null
  /** HTTPS with these; null: plain HTTP. */
  readonly tls: TlsFiles | null
  readonly logger: FastifyBaseLogger
  /** Bytes of uploads that are held at once; 64 MiB unless told otherwise. */
  readonly uploadsInFlight?: number
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number
}

/** Long polls and event streams at once: more than a bench of phones and a wall of pages need. */
const OPEN_ANSWERS = { inAll: 256, ofOne: 64 }

/**
 * How long a client may take for a header, and for a whole request, and how often that is looked at;
 * in milliseconds. The first also ends connections that say nothing.
 */
const HEADER_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 120_000
const LOOK_EVERY_MS = 2_000

/**
 * Builds the REST API over the services. Nothing listens yet: the caller awaits `listen`, or
 * `ready` and `inject` in a test, and closes it.
 */
export function buildApp(options: AppOptions): Api {
  const nowMs = options.now ?? Date.now
  const server = {
    headersTimeout: HEADER_WITHIN_MS,
    connectionsCheckingInterval: LOOK_EVERY_MS,
    handshakeTimeout: HEADER_WITHIN_MS,
    ...options.tls,
  }
  const app = Fastify({
    // Fastify has a type of its own for HTTPS; nothing here depends on which server it is.
    ...(options.tls === null ? { http: server } : { https: server as unknown as null }),
    loggerInstance: options.logger,
    // Our own line for each answer, without the query, which may hold a token by mistake.
    logController: new QuietLog({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    bodyLimit: JSON_BODY_LIMIT_BYTES,
    // A client that sends its request a byte at a time is not waited for any longer.
    requestTimeout: REQUEST_WITHIN_MS,
    routerOptions: { maxParamLength: 255 },
    clientErrorHandler: handleClientError,
    frameworkErrors: handleUnreadablePaths((): PeerLines => lines),
  }).withTypeProvider<TypeBoxTypeProvider>()
  compileLate(app)
  const lines: PeerLines = new PeerLines(app, nowMs)
  app.setErrorHandler(handleErrors(lines))
  limitConnections(app, lines, nowMs)
  readJsonBodies(app)
  limitBodies(app, options.uploadsInFlight ?? DEFAULT_UPLOADS_IN_FLIGHT)
  answerUnknownPaths(app)
  const metrics = new Metrics(options.services.metrics)
  logAnswers(app, metrics, lines)
  app.register(helmet, SECURITY_HEADERS)
  app.register(rateLimit, { global: false })
  refuseCrossSite(app, options.allowedHosts)
  limitByRole(app)
  const { token, allowedHosts } = options
  const rules = { token, allowedHosts, named: options.services.tokens }
  app.after(() => {
    guardAccess(app, rules, lines)
    gateWrites(app, options.services)
  })
  describeStoreFaults(app)
  auditChanges(app, options.services, options.token !== null)
  describeApi(app)
  addRoutes(app, options, metrics)
  return app
}

/** A client that leaves in the middle of an answer is not logged: any client can do so without end. */
class QuietLog extends LogController {
  override streamError(error: Error, request: FastifyRequest): void {
    request.log.debug({ event: 'http.answer.cut', err: error })
  }
}

/** Only what comes from here runs and shows: no inline script or style, no frames, no forms. */
const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' as const },
  referrerPolicy: { policy: 'no-referrer' as const },
  // A browser that remembered HTTPS could not come back when the certificate is taken away.
  strictTransportSecurity: false,
}

function addRoutes(app: Api, options: AppOptions, metrics: Metrics): void {
  const { services, staticDir, now = Date.now } = options
  const openAnswers = new OpenAnswers(OPEN_ANSWERS)
  const conversionTexts = new ConversionTexts(services.conversions)
  app.addHook('preClose', async () => openAnswers.closeAll())
  const leave = services.tokens.onDeleted((name) => openAnswers.closeOf(name))
  app.addHook('onClose', async () => leave())
  const resources: ((scope: Api) => void)[] = [
    (scope) => networkRoutes(scope, services),
    (scope) => applianceRoutes(scope, services),
    (scope) => leaseRoutes(scope, services, now),
    (scope) => profileRoutes(scope, services),
    (scope) => phoneRoutes(scope, services),
    (scope) => phoneListRoutes(scope, services, conversionTexts),
    (scope) => phoneImportRoutes(scope, services),
    (scope) => phoneFileRoutes(scope, services),
    (scope) => phoneConversionRoutes(scope, services, openAnswers),
    (scope) => phoneRestartRoutes(scope, services),
    (scope) => phoneTraceRoutes(scope, services),
    (scope) => planRoutes(scope, services),
    (scope) => conversionRoutes(scope, services, conversionTexts),
    (scope) => rolloutRoutes(scope, services, openAnswers),
    (scope) => reportRoutes(scope, services),
    (scope) => surveyRoutes(scope, services),
    (scope) => unknownDeviceRoutes(scope, services),
    (scope) => firmwareRoutes(scope, services),
    (scope) => fileRoutes(scope, services, now),
    (scope) => eventRoutes(scope, services, openAnswers),
    (scope) => tokenRoutes(scope, services),
    (scope) => webhookRoutes(scope, services),
    (scope) => reloadRoutes(scope, services),
    (scope) => healthRoutes(scope, services),
    (scope) => statusRoutes(scope, services),
    (scope) => metricRoutes(scope, metrics, services),
    (scope) => documentRoutes(scope),
  ]
  // Each in a scope of its own: some read other bodies than JSON.
  for (const add of resources) {
    const resource: FastifyPluginAsync = async (scope) => {
      add(scope.withTypeProvider<TypeBoxTypeProvider>())
    }
    app.register(resource)
  }
  if (staticDir !== null) app.register(pageRoutes(staticDir))
}
