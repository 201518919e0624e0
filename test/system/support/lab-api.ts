import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Lab } from './lab.ts'

/** A request to the API of an appliance that runs beside a lab's server. */
export type LabRequest = {
  readonly method: string
  /** Begins with a slash. */
  readonly path: string
  /** JSON; null for none. */
  readonly body: unknown
}

/** The API of an appliance in a lab, whose loopback is its namespace's: asked by curl in there. */
export class LabApi {
  readonly #lab: Lab
  readonly #port: number

  constructor(lab: Lab, port: number) {
    this.#lab = lab
    this.#port = port
  }

  async get<Answer>(path: string): Promise<Answer> {
    const [answer = 'null'] = await this.send([{ method: 'GET', path, body: null }])
    return JSON.parse(answer) as Answer
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.send([{ method: 'PUT', path, body }])
  }

  /** Sends a file as it is. */
  async postFile(path: string, file: string, type: string): Promise<void> {
    const data = `data-binary = "@${file}"\nheader = "content-type: ${type}"`
    await this.#curl([`request = "POST"\n${this.#urlOf(path)}\n${data}`])
  }

  /** Sends all of them over one connection, one after another; the answers. */
  async send(requests: readonly LabRequest[]): Promise<readonly string[]> {
    return this.#curl(
      requests.map(({ method, path, body }) => {
        const data = `data = ${JSON.stringify(JSON.stringify(body))}\nheader = "content-type: application/json"`
        const lines = [`request = "${method}"`, this.#urlOf(path)]
        return [...lines, ...(body === null ? [] : [data])].join('\n')
      }),
    )
  }

  #urlOf(path: string): string {
    return `url = "http://127.0.0.1:${this.#port}${path}"`
  }

  /** @throws With what the appliance said, where it refuses one of them. */
  async #curl(requests: readonly string[]): Promise<readonly string[]> {
    const common = 'silent\nshow-error\nfail-with-body\nwrite-out = "\\n"'
    const config = requests.map((request) => `${request}\n${common}`).join('\nnext\n')
    const [command = '', ...args] = [...this.#lab.besideServer, 'curl', '--config', '-']
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdin.end(config)
    const [answers, faults, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    if (code !== 0) throw new Error(`${faults}${answers.slice(-2_000)}`)
    return answers.trimEnd().split('\n')
  }
}
