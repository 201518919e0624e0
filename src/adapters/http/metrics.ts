import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { MetricFamily, MetricService } from '../../services/services.ts'

/** One answered request. */
export type AnsweredRequest = {
  readonly method: string
  /** The route's pattern, never the path: paths are without bound. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** The numbers of the appliance, of the API and of the process in Prometheus' text format. */
export class Metrics {
  readonly #service: MetricService
  readonly #own = new Registry()
  readonly #requests: Histogram<'method' | 'route' | 'status'>
  #hasProcessMetrics = false

  constructor(service: MetricService) {
    this.#service = service
    this.#requests = new Histogram({
      name: 'switchhook_http_request_duration_seconds',
      help: 'Time to answer a request, including long polls and streams',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60],
      registers: [this.#own],
    })
  }

  get contentType(): string {
    return this.#own.contentType
  }

  countAnswer({ method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.observe({ method, route, status }, seconds)
  }

  /** @param status - Gauges beside those of the service. */
  async render(status: readonly MetricFamily[] = []): Promise<string> {
    // The process is watched from the first scrape on: without scrapes it costs nothing.
    if (!this.#hasProcessMetrics) {
      this.#hasProcessMetrics = true
      collectDefaultMetrics({ register: this.#own })
    }
    const appliance = new Registry()
    for (const family of [...status, ...this.#service.families()]) addFamily(appliance, family)
    return `${await appliance.metrics()}\n${await this.#own.metrics()}`
  }
}

function addFamily(registry: Registry, family: MetricFamily): void {
  const { name, help, samples } = family
  // Without a sample there is nothing to say; the library would print a zero that was not counted.
  if (samples.length === 0) return
  const labelNames = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))]
  const settings = { name, help, labelNames, registers: [registry] }
  switch (family.type) {
    case 'counter': {
      const counter = new Counter(settings)
      for (const { labels, value } of samples) counter.inc(labels, value)
      return
    }
    case 'gauge': {
      const gauge = new Gauge(settings)
      for (const { labels, value } of samples) gauge.set(labels, value)
      return
    }
    default:
      family.type satisfies never
  }
}
