/** What a parameter's value may be. */
export type ParameterLimit =
  /** `0` or `1`. */
  | { readonly kind: 'flag' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  /** `max` in characters. */
  | { readonly kind: 'text'; readonly max: number }

/** One parameter of `SIPDefault.cnf` and `SIP<MAC>.cnf`. */
export type SipParameter = {
  readonly name: string
  readonly limit: ParameterLimit
  /** The line key that it belongs to, from 1; null for parameters of the phone as a whole. */
  readonly line: number | null
  /** The first releases known to have it, as `8.x`; null where 7.5 has it too or nothing is known. */
  readonly since: string | null
  /** A password or key: never shown. */
  readonly secret: boolean
  readonly source: string
}

/** Every parameter of the last SIP release, in the order in which files list them. */
export function sipParameters(): readonly SipParameter[] {
  return PARAMETERS
}

/** Finds a parameter by its name, which is written in the letter case of the table. */
export function findParameter(name: string): SipParameter | undefined {
  return PARAMETERS[parameterPosition(name)]
}

/** Where a parameter stands in the table; after its end for an unknown name. */
export function parameterPosition(name: string): number {
  return POSITIONS.get(name) ?? PARAMETERS.length
}

/** Whether the value must never be shown. */
export function isSecretParameter(name: string): boolean {
  return findParameter(name)?.secret ?? false
}

type Row = readonly [name: string, limit: ParameterLimit, more?: More]
type More = {
  /** `#` in the name stands for each number from the first to the second. */
  readonly numbers?: readonly [number, number]
  /** The number is that of a line key. */
  readonly perLine?: true
  readonly since?: string
  readonly secret?: true
}

const GUIDE = 'Cisco SIP IP phone administrator guide 7.5, appendix D'
const LATER = 'parameter names in the SIP 8.12 image'

const FLAG: ParameterLimit = { kind: 'flag' }
const PORT = integer(1, 65535)
/** The phone's limit is not documented; this one keeps a file small. */
const TEXT = text(128)
const URL = text(256)
/** Off, on, and both again without a switch for the user. */
const LOCKABLE = integer(0, 3)
/** The only range that the guide gives for timers; it is that of the registration. */
const TIMER = integer(1, 3932100)
const LINES = { numbers: [1, 6], perLine: true } as const
const SPEED_LINES = { numbers: [2, 6], perLine: true } as const

const ROWS: readonly Row[] = [
  ['image_version', text(32)],
  ['tftp_cfg_dir', TEXT],
  ['dial_template', TEXT],
  ['sync', text(32)],
  ['version_stamp', TEXT],
  ['xml_card_dir', TEXT],
  ['xml_card_file', TEXT],
  ['network_media_type', TEXT],
  ['network_port2_type', TEXT],
  // Numbers the byte's value, so that 184 is Expedited Forwarding; before 8.x it was tos_media.
  ['dscpForAudio', integer(0, 255), { since: '8.x' }],
  ['tos_media', integer(0, 5)],
  ['primary_tftp_addr', TEXT],
  ['dyn_tftp_addr', TEXT],
  ['dyn_dns_addr_#', TEXT, { numbers: [1, 2] }],
  ['domain_name', TEXT],
  ['garp_enable', FLAG],
  ['http_proxy_addr', TEXT],
  ['http_proxy_port', PORT],
  ['nat_enable', FLAG],
  ['nat_address', TEXT],
  ['nat_received_processing', FLAG],
  ['voip_control_port', PORT],
  ['start_media_port', integer(16384, 32766)],
  ['end_media_port', integer(16384, 32766)],
  ['phone_label', text(11)],
  ['phone_prompt', text(15)],
  ['phone_password', text(31), { secret: true }],
  ['language', TEXT],
  ['logo_url', URL],
  ['services_url', URL],
  ['directory_url', URL],
  ['messages_uri', TEXT],
  ['sntp_mode', choice('unicast', 'multicast', 'anycast', 'directedbroadcast')],
  ['sntp_server', TEXT],
  ['time_zone', TEXT],
  ['dst_offset', TEXT],
  ['dst_start_month', TEXT],
  ['dst_start_day', TEXT],
  ['dst_start_day_of_week', TEXT],
  // 8 is the last week of the month.
  ['dst_start_week_of_month', integer(1, 8)],
  ['dst_start_time', TEXT],
  ['dst_stop_month', TEXT],
  ['dst_stop_day', TEXT],
  ['dst_stop_day_of_week', TEXT],
  ['dst_stop_week_of_month', integer(1, 8)],
  ['dst_stop_time', TEXT],
  ['dst_auto_adjust', FLAG],
  ['time_format_24hr', TEXT],
  ['date_format', TEXT],
  ['line#_name', TEXT, LINES],
  ['line#_authname', TEXT, LINES],
  ['line#_password', TEXT, { ...LINES, secret: true }],
  ['line#_shortname', TEXT, LINES],
  ['line#_displayname', TEXT, LINES],
  ['line#_contact', TEXT, LINES],
  // A host, an address, or the word USECALLMANAGER.
  ['proxy#_address', TEXT, LINES],
  ['proxy#_port', PORT, LINES],
  ['proxy_register', FLAG],
  ['proxy_backup', TEXT],
  ['proxy_backup_port', PORT],
  ['proxy_emergency', TEXT],
  ['proxy_emergency_port', PORT],
  ['outbound_proxy', TEXT],
  ['outbound_proxy_port', PORT],
  ['sip_retx', TEXT],
  ['sip_invite_retx', TEXT],
  ['timer_t1', TIMER],
  ['timer_t2', TIMER],
  ['timer_invite_expires', TIMER],
  ['timer_register_expires', TIMER],
  ['timer_register_delta', TEXT],
  ['timer_keepalive_expires', TEXT],
  ['connection_monitor_duration', TEXT],
  ['sip_max_forwards', TEXT],
  ['rfc_2543_hold', FLAG],
  ['remote_party_id', FLAG],
  ['user_info', choice('none', 'phone', 'ip')],
  ['call_manager#_addr', TEXT, { numbers: [1, 5], since: '8.x' }],
  ['call_manager#_sip_port', PORT, { numbers: [1, 5], since: '8.x' }],
  ['preferred_codec', choice('g711ulaw', 'g711alaw', 'g729a', 'none')],
  ['enable_vad', FLAG],
  ['dtmf_inband', FLAG],
  ['dtmf_outofband', choice('none', 'avt', 'avt_always')],
  ['dtmf_avt_payload', integer(96, 127)],
  ['dtmf_db_level', integer(1, 5)],
  ['dnd_control', LOCKABLE],
  ['callerid_blocking', LOCKABLE],
  ['anonymous_call_block', LOCKABLE],
  // Cisco's sample SIPDefault.cnf gives all four values.
  ['call_waiting', LOCKABLE],
  ['call_hold_ringback', LOCKABLE],
  ['stutter_msg_waiting', TEXT],
  ['call_stats', FLAG],
  ['speed_line#', TEXT, SPEED_LINES],
  ['speed_label#', TEXT, SPEED_LINES],
  ['mwi_status', TEXT],
  ['cfwd_url', URL],
  // A bit for each line key. The guide doubts that a file can set it.
  ['auto_answer', integer(0, 63)],
  ['local_cfwd_enable', FLAG],
  ['cnf_join_enable', FLAG],
  ['semi_attended_transfer', FLAG],
  ['transfer_onhook_enabled', FLAG],
  ['autocomplete', FLAG],
  ['telnet_level', integer(0, 2)],
  ['encrypt_key', TEXT, { secret: true }],
]

const PARAMETERS: readonly SipParameter[] = ROWS.flatMap(expand)
const POSITIONS = new Map(PARAMETERS.map(({ name }, position) => [name, position]))

function expand([name, limit, more = {}]: Row): readonly SipParameter[] {
  const { numbers, perLine = false, since = null, secret = false } = more
  const source = since === null ? GUIDE : LATER
  if (numbers === undefined) return [{ name, limit, line: null, since, secret, source }]
  const [first, last] = numbers
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const number = first + index
    const line = perLine ? number : null
    return { name: name.replace('#', String(number)), limit, line, since, secret, source }
  })
}

function integer(min: number, max: number): ParameterLimit {
  return { kind: 'integer', min, max }
}

function choice(...values: readonly string[]): ParameterLimit {
  return { kind: 'choice', values }
}

function text(max: number): ParameterLimit {
  return { kind: 'text', max }
}
