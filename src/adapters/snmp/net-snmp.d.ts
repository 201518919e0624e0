/** What we use of `net-snmp`, which has no types of its own. */
declare module 'net-snmp' {
  import type { EventEmitter } from 'node:events'

  export type Varbind = {
    readonly oid: string
    readonly type: number
    readonly value: unknown
  }

  type Callback = (error: Error | null, varbinds: readonly Varbind[]) => void

  export interface Session extends EventEmitter {
    get(oids: readonly string[], done: Callback): this
    set(varbinds: readonly Varbind[], done: Callback): this
    close(): this
  }

  type SessionOptions = {
    readonly version: number
    readonly port: number
    readonly retries: number
    readonly timeout: number
    readonly dgramModule: { createSocket(type: string): EventEmitter }
  }

  type User = {
    readonly name: string
    readonly level: number
    readonly authProtocol: string
    readonly authKey: string
    readonly privProtocol: string
    readonly privKey: string
  }

  const snmp: {
    createSession(host: string, community: string, options: SessionOptions): Session
    createV3Session(host: string, user: User, options: SessionOptions): Session
    isVarbindError(varbind: Varbind): boolean
    readonly Version2c: number
    readonly Version3: number
    readonly SecurityLevel: { readonly authPriv: number }
    readonly AuthProtocols: { readonly sha: string; readonly sha256: string }
    readonly PrivProtocols: { readonly aes: string }
    readonly ObjectType: { readonly Integer: number }
  }
  // biome-ignore lint/style/noDefaultExport: it is a CommonJS package
  export default snmp
}
