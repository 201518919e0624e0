import type { AskingPhones } from '../../../appliance/start/surveys.ts'
import type {
  RestartMethod,
  RestartMethodName,
  RestartTarget,
  SendOutcome,
} from '../../../src/call-control/restart/method.ts'
import type { Ipv4 } from '../../../src/net/ipv4.ts'
import type { Mac } from '../../../src/net/mac.ts'
import type { Finding } from '../../../src/services/readiness.ts'
import type { PostWebhook } from '../../../src/services/webhooks/webhook.ts'

/** A restart that was sent. */
export type SentRestart = { readonly method: RestartMethodName; readonly mac: Mac }

/** What the appliance reaches outside of itself, besides phones on the wire, as a test has it. */
export class Outside {
  /** Orders of restarts that have left by a method besides call control. */
  readonly restarts: SentRestart[] = []
  /** What comes of an order, by default that it has left. */
  onRestart: (target: RestartTarget) => SendOutcome = () => ({ kind: 'sent' })
  /** Pages of phones by address; who has none is not there. */
  readonly pages = new Map<Ipv4, string>()
  /** Why a network cannot be served by this machine, by its name. */
  readonly faults = new Map<string, string>()
  /** What is wrong with the sockets. */
  readonly problems: Finding['problems'][number][] = []
  uptimeSeconds = 90

  readonly ask: AskingPhones = {
    page: async ({ address }) => {
      const page = this.pages.get(address)
      if (page === undefined) return { kind: 'closed' }
      return { kind: 'page', bytes: new TextEncoder().encode(page) }
    },
    options: async () => null,
  }

  /** Nobody receives webhooks. */
  readonly post: PostWebhook = async () => ({ status: 204 })

  readonly lookAtSockets = (): Finding => ({
    name: 'sockets',
    detail: '2 bound',
    problems: this.problems,
  })

  readonly methods: readonly RestartMethod[] = (['telnet', 'poe', 'command'] as const).map(
    (method) => ({
      name: method,
      send: async (target) => {
        this.restarts.push({ method, mac: target.mac })
        return this.onRestart(target)
      },
    }),
  )
}
