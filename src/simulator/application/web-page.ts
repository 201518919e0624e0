import type { Mac } from '../../net/mac.ts'
import type { PhoneModel } from '../named-load.ts'
import { dottedVersion } from './alarm-text.ts'
import type { ApplicationEffect, SocketEffect, SocketNews } from './effect.ts'

const HTTP_PORT = 80

/** A request head; more is hung up on. */
const MAX_HEAD = 4_096

/** Whose page it is. */
export type WebPagePhone = {
  readonly mac: Mac
  readonly model: PhoneModel
  readonly load: string
  /** That loads before the universal loader have no XML is inferred: it was seen of 8.1. */
  readonly isUniversal: boolean
}

/**
 * The web page of an SCCP load: which load it runs, as HTML and as XML; SIP loads have none. One request a connection.
 *
 * Sources: `/DeviceInformationX` of a CP-7940 with 8.1(2.0), the labels of Cisco CME documents, and scanners that read
 * the page.
 */
export class WebPage {
  readonly #phone: WebPagePhone
  readonly #heads = new Map<number, string>()

  constructor(phone: WebPagePhone) {
    this.#phone = phone
  }

  begin(): readonly ApplicationEffect[] {
    return [socket({ kind: 'listen', port: HTTP_PORT })]
  }

  end(): readonly ApplicationEffect[] {
    const open = [...this.#heads.keys()]
    this.#heads.clear()
    return [
      socket({ kind: 'stop-listening', port: HTTP_PORT }),
      ...open.map((connection) => socket({ kind: 'hang-up', connection })),
    ]
  }

  onSocket(news: SocketNews): readonly ApplicationEffect[] {
    switch (news.kind) {
      case 'called':
        if (news.port === HTTP_PORT) this.#heads.set(news.connection, '')
        return []
      case 'bytes':
        return this.#onBytes(news.connection, news.bytes)
      case 'hung-up':
        this.#heads.delete(news.connection)
        return []
      default:
        return []
    }
  }

  #onBytes(connection: number, bytes: Uint8Array): readonly ApplicationEffect[] {
    const before = this.#heads.get(connection)
    if (before === undefined) return []
    const head = before + new TextDecoder('latin1').decode(bytes)
    this.#heads.set(connection, head.slice(0, MAX_HEAD))
    if (!head.includes('\r\n\r\n') && head.length < MAX_HEAD) return []
    this.#heads.delete(connection)
    const answer = new TextEncoder().encode(pageFor(this.#phone, head))
    return [
      socket({ kind: 'write', connection, bytes: answer }),
      socket({ kind: 'hang-up', connection }),
    ]
  }
}

/** The whole answer to a request head. */
export function pageFor(phone: WebPagePhone, head: string): string {
  const [, method, path = ''] = /^([A-Z]+) ([^ ?]+)[^ ]* HTTP\/1\.[01]\r\n/.exec(head) ?? []
  if (method === undefined) return answer('400 Bad Request', 'text/html', '')
  if (method !== 'GET') return answer('501 Not Implemented', 'text/html', '')
  if (path === '/' || path === '/DeviceInformation') {
    return answer('200 OK', 'text/html', htmlOf(phone))
  }
  if (path === '/DeviceInformationX' && phone.isUniversal) {
    return answer('200 OK', 'text/xml; charset="utf-8"', xmlOf(phone))
  }
  return answer('404 Not Found', 'text/html', '')
}

function answer(status: string, type: string, body: string): string {
  const head = [
    `HTTP/1.1 ${status}`,
    'Server: Allegro-Software-RomPager/4.34',
    'Connection: close',
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

/** As a CP-7940 has it; boot loader and DSP are its, the serial number is made up. */
function valuesOf({ mac, model, load }: WebPagePhone) {
  return {
    MACAddress: mac,
    HostName: `SEP${mac}`,
    phoneDN: '',
    appLoadID: load,
    bootLoadID: 'PC03A300',
    versionID: dottedVersion(load),
    DSPLoadID: '4.0(5.0)[A0]',
    hardwareRevision: '1.1',
    serialNumber: `INM${mac.slice(4)}`,
    modelNumber: `CP-${model}`,
  }
}

function xmlOf(phone: WebPagePhone): string {
  const rows = Object.entries(valuesOf(phone)).map(([name, value]) => `<${name}>${value}</${name}>`)
  return `<?xml version="1.0" encoding="iso-8859-1"?>\r\n<DeviceInformation>\r\n${rows.join('\r\n')}\r\n</DeviceInformation>\r\n`
}

function htmlOf(phone: WebPagePhone): string {
  const values = valuesOf(phone)
  const rows = [
    ['MAC Address', values.MACAddress],
    ['Host Name', values.HostName],
    ['Phone DN', values.phoneDN],
    ['App Load ID', values.appLoadID],
    ['Boot Load ID', values.bootLoadID],
    ['Version', values.versionID],
    ['Hardware Revision', values.hardwareRevision],
    ['Serial Number', values.serialNumber],
    ['Model Number', values.modelNumber],
    ['Message Waiting', 'NO'],
  ].map(([label, value]) => {
    return `<TR><TD><B> ${label}</B></TD><td width=20></TD><TD><B>${value}</B></TD></TR>`
  })
  const heading = `Cisco IP Phone ${values.modelNumber} ( ${values.HostName} )`
  return `<HTML><HEAD><TITLE>Cisco Systems, Inc.</TITLE></HEAD><BODY><H2>${heading}</H2><TABLE>${rows.join('')}</TABLE></BODY></HTML>`
}

function socket(effect: SocketEffect): ApplicationEffect {
  return { kind: 'socket', effect }
}
