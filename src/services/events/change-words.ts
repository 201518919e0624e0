import type { EventFields } from '../services.ts'

/** Operations of the API, by their names in OpenAPI, as what they did. */
const DONE: Readonly<Record<string, string>> = {
  putPhone: 'phone stored',
  patchPhone: 'phone changed',
  deletePhone: 'phone deleted',
  importPhones: 'phones imported',
  startConversion: 'conversion started',
  cancelConversion: 'conversion cancelled',
  restartPhone: 'restart ordered',
  putProfile: 'profile stored',
  deleteProfile: 'profile deleted',
  addFirmware: 'firmware added',
  deleteFirmware: 'firmware deleted',
  putFile: 'shared file stored',
  deleteFile: 'shared file deleted',
  freeLease: 'lease deleted',
  startRollout: 'roll-out started',
  steerRollout: 'roll-out changed',
  deleteRollout: 'roll-out deleted',
  startSurvey: 'survey started',
  createToken: 'token created',
  deleteToken: 'token deleted',
  createWebhook: 'webhook created',
  deleteWebhook: 'webhook deleted',
  reload: 'configuration reloaded',
}

/** Operations whose path says what was changed, where no phone does. */
const NAMED = /^\/v1\/(?:profiles|firmware|files|leases|rollouts|networks|tokens|webhooks)\/([^/]+)/

/**
 * What an operator did, without saying who: the name of the operation in words, what it was done
 * to, and which fields were sent.
 */
export function changeWords({ action, path, sent }: EventFields): string {
  const done = DONE[`${action}`] ?? splitName(`${action}`)
  const [, named] = NAMED.exec(typeof path === 'string' ? path : '') ?? []
  const fields = Array.isArray(sent) && sent.length > 0 ? ` (${sent.join(', ')})` : ''
  return `${done}${named === undefined ? '' : ` ${readable(named)}`}${fields}`
}

/** `handOverNetwork` becomes `hand over network`. */
function splitName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function readable(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A percent sign that starts no escape sequence.
    return part
  }
}
