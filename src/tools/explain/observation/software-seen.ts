import type { RequestedFile } from '../../../phones/requested-file.ts'

/**
 * Which software of a phone with a loader runs, as far as the files show that it asks for: loader and
 * applications ask for many of the same, some only for their own.
 */
export class SoftwareSeen {
  #application: 'sip' | 'sccp' | null = null
  #protocol: 'sip' | 'sccp' | null = null

  /** The application that runs by what was asked for last; null while a loader may run. */
  get application(): 'sip' | 'sccp' | null {
    return this.#application
  }

  /** The protocol of the application that was seen last, even if that was before another start. */
  get protocol(): 'sip' | 'sccp' | null {
    return this.#protocol
  }

  /** A request of a phone with a loader. */
  request(file: RequestedFile): void {
    switch (file.kind) {
      // The loader asks for SIP<MAC>.cnf in its hunt and never for these (field traces: 39 hunts).
      case 'sip-default':
      case 'ringlist-dat':
      case 'dialplan':
        this.runs('sip')
        break
      case 'locale':
      case 'ringlist-xml':
        this.runs('sccp')
        break
      // Of the loader alone: an application never asks for these.
      case 'mgc-phone':
      case 'loads':
      case 'image':
        this.#application = null
        break
      default:
    }
  }

  /** Something else has shown which application runs: its timers, or that it registers. */
  runs(protocol: 'sip' | 'sccp'): void {
    this.#application = protocol
    this.#protocol = protocol
  }
}
