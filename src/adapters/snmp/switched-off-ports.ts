import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Mac, parseMac } from '../../net/mac.ts'
import { parseSwitchPort, type SwitchPort } from '../../net/switch-port.ts'

/** A port that this appliance has switched off, or was about to. */
export type SwitchedOffPort = {
  readonly port: SwitchPort
  /** The phone that was to be restarted. */
  readonly mac: Mac
  readonly atMs: number
}

/** Ports that have to be switched on again, whatever becomes of this process. */
export interface SwitchedOffPorts {
  all(): Promise<readonly SwitchedOffPort[]>
  has(port: SwitchPort): Promise<boolean>
  /** Resolves when it is on disk; the port may go off then. */
  add(entry: SwitchedOffPort): Promise<void>
  remove(port: SwitchPort): Promise<void>
}

/**
 * Ports in a JSON file of their own. It is this machine's and this hour's, so that it belongs neither into
 * a backup nor into a database that several appliances share, and it can be written when the database
 * cannot.
 */
export class SwitchedOffPortsFile implements SwitchedOffPorts {
  readonly #file: string
  #entries: Promise<Map<SwitchPort, SwitchedOffPort>>
  /** Writes follow one another. */
  #writing: Promise<unknown> = Promise.resolve()

  /** @param onFault - Called where the file is there and cannot be read: ports may be off. */
  constructor(file: string, onFault: (why: string) => void) {
    this.#file = file
    this.#entries = this.#read(onFault)
  }

  async all(): Promise<readonly SwitchedOffPort[]> {
    return [...(await this.#entries).values()]
  }

  async has(port: SwitchPort): Promise<boolean> {
    return (await this.#entries).has(port)
  }

  async add(entry: SwitchedOffPort): Promise<void> {
    const entries = await this.#entries
    const before = entries.get(entry.port)
    entries.set(entry.port, entry)
    try {
      await this.#write()
    } catch (error) {
      if (before === undefined) entries.delete(entry.port)
      const message = `${this.#file} cannot be written, so the port stays on: ${(error as Error).message}`
      throw new Error(message, { cause: error })
    }
  }

  async remove(port: SwitchPort): Promise<void> {
    const entries = await this.#entries
    if (entries.delete(port)) await this.#write()
  }

  async #read(onFault: (why: string) => void): Promise<Map<SwitchPort, SwitchedOffPort>> {
    try {
      const entries = entriesOf(JSON.parse(await readFile(this.#file, 'utf8')))
      return new Map(entries.map((entry) => [entry.port, entry]))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT') onFault(`${this.#file} cannot be read: ${message}`)
      return new Map()
    }
  }

  #write(): Promise<void> {
    const written = this.#writing.then(async () => {
      const entries = [...(await this.#entries).values()]
      await writeDurably(this.#file, `${JSON.stringify(entries)}\n`)
    })
    this.#writing = written.catch(() => {})
    return written
  }
}

/** On disk under its name, whole, when it resolves. */
async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  const folder = await open(dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}

function entriesOf(document: unknown): SwitchedOffPort[] {
  if (!Array.isArray(document)) throw new Error('it is no list')
  return document.map((entry) => {
    const { port, mac, atMs } = entry as Readonly<Record<string, unknown>>
    const readPort = parseSwitchPort(String(port))
    const readMac = parseMac(String(mac))
    if (readPort === undefined || readMac === undefined) throw new Error('it names no port')
    return { port: readPort, mac: readMac, atMs: Number(atMs) }
  })
}
