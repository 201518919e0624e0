/** How loudly an event is logged. Events without an own line at `info` or above are `debug`. */
export type EventLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** One event that the appliance can emit. Its name is stable. */
export type EventEntry = {
  /** At most: what a peer can cause without end is limited, and then logged at `debug`. */
  readonly level: EventLevel
  /**
   * The event in a sentence. `{field}` is a field of the event; a part in square brackets is left
   * out where its field is null, zero or missing. An event about one phone does not name the phone.
   */
  readonly sentence: string
  /** When it is emitted. */
  readonly when: string
  /** What an operator does about it; empty for nothing. */
  readonly action: string
}

const entry = (level: EventLevel, sentence: string, when: string, action = ''): EventEntry => ({
  level,
  sentence,
  when,
  action,
})

/**
 * Every event that the appliance emits: log, journal, API and page take level and sentence from
 * here, and `docs/events.md` is generated from it.
 */
export const EVENTS = {
  'dhcp.offer.sent': entry(
    'debug',
    'was offered {address}',
    'A DISCOVER was answered with an OFFER.',
    'If no REQUEST follows, the client chose another server or the OFFER was lost: check the path back.',
  ),
  'dhcp.ack.sent': entry(
    'info',
    'has {address} ({requestKind})',
    'A binding was granted or extended and is stored, or an INFORM was answered.',
  ),
  'dhcp.nak.sent': entry(
    'info',
    'was refused {address}: {reason}',
    'A client requested an address that it may not have; it sends a DISCOVER at once.',
    'Normal after a device changed networks. If it repeats, look for a second DHCP server.',
  ),
  'dhcp.message.ignored': entry(
    'debug',
    'sent a DHCP message that was ignored: {reason}',
    'A message has no type that a server handles.',
  ),
  'dhcp.discover.ignored': entry(
    'debug',
    'requested an address and got none: {reason}',
    'A DISCOVER was not answered.',
    'For `not-enrolled`, enrol the phone or change `admit`; for `pool-exhausted`, enlarge the pool.',
  ),
  'dhcp.request.ignored': entry(
    'debug',
    'requested its address and got no answer: {reason}',
    'A REQUEST was not answered.',
    'As for `dhcp.discover.ignored`.',
  ),
  'dhcp.decline.ignored': entry(
    'debug',
    'DECLINE of {address} ignored: {reason}',
    'A DECLINE did not come from the holder of the lease.',
  ),
  'dhcp.release.ignored': entry(
    'debug',
    'RELEASE of {address} ignored: {reason}',
    'A RELEASE did not come from the holder of the lease.',
  ),
  'dhcp.inform.ignored': entry(
    'debug',
    'requested parameters and got none: {reason}',
    'An INFORM was not answered.',
  ),
  'dhcp.discover.probing': entry(
    'debug',
    'waits while {address} is probed on the wire',
    'A DISCOVER waits for the conflict probe. The OFFER follows within a second.',
    'If no OFFER follows, the address is in use: see `dhcp.address.conflict`.',
  ),
  'dhcp.lease.released': entry(
    'info',
    'released {address}',
    'A client returned its address. Phones do so before they move to the voice VLAN.',
  ),
  'dhcp.address.declined': entry(
    'warn',
    'found {address} in use by another device',
    'A client found its address in use; the address is in quarantine.',
    'Find the device with that static address, or the second DHCP server; then delete the lease over the API.',
  ),
  'dhcp.address.conflict': entry(
    'warn',
    '{address} is in use by another device',
    'The probe of the appliance found a free address in use; the address is in quarantine.',
    'As for `dhcp.address.declined`.',
  ),
  'dhcp.lease.reclaimed': entry(
    'info',
    'got {address}, whose holder no longer answers',
    'The pool was full, and the lease of a client that no longer answers was ended.',
    'If it happens often, enlarge the pool.',
  ),
  'network.owned': entry(
    'info',
    'this appliance serves the network now[, after {from}]',
    'A network with shared leases was taken: no appliance served it, its owner gave it up, or the beat of its owner stood still.',
    'After a takeover, see why the former owner (`from`) stopped.',
  ),
  'network.given-up': entry(
    'info',
    'this appliance serves the network no longer[, {to} does]: {reason}',
    'A network with shared leases was given up cleanly.',
  ),
  'network.lost': entry(
    'warn',
    'another appliance serves the network now',
    'Another appliance took a network while this one could not say that it was there.',
    'See why its beats were late: load, a frozen machine, the way to PostgreSQL.',
  ),
  'leases.stored.again': entry(
    'warn',
    '{count} leases that PostgreSQL lacked after a failover were stored again',
    'The standby that was promoted lacked the last leases, or was not asked to store them yet. The owner of the network had them, and has written them again.',
    'Where no standby is synchronous, make one: leases of an owner that fails at the same time are lost.',
  ),
  'network.blind': entry(
    'warn',
    'PostgreSQL does not answer: only clients with a lease are answered',
    'The owner of a network could not confirm for so long that another may take it.',
    'Restore PostgreSQL or the way to it before `repeatFor` is over.',
  ),
  'network.silent': entry(
    'error',
    'PostgreSQL does not answer: no client is answered any more',
    'The owner of a network could not confirm it for longer than `repeatFor`.',
    'Restore PostgreSQL or the way to it.',
  ),
  'network.sure': entry(
    'info',
    'PostgreSQL answers again, and all clients are served',
    'The owner of a network has confirmed it again.',
  ),
  'dhcp.rogue.seen': entry(
    'warn',
    'another DHCP server, {server}, answers on the network',
    'Another DHCP server was heard: at first, when it is confirmed, and every five minutes.',
    'Switch it off, or set `onRogueServer: refuse` to leave the network to it.',
  ),
  'dhcp.rogue.gone': entry(
    'info',
    'the DHCP server {server} no longer answers',
    'Another DHCP server has not answered two probes in a row.',
  ),
  'dhcp.listening': entry('info', 'DHCP listens on port {port}', 'The DHCP sockets are open.'),
  'dhcp.rights.missing': entry(
    'warn',
    '{what}',
    'At the start, a capability that DHCP uses is missing; the field says what does not work.',
    'Grant the capability, or accept the limitation.',
  ),
  'dhcp.datagram.dropped': entry(
    'debug',
    'a DHCP datagram was dropped: {what}',
    'A datagram could not be decoded.',
  ),
  'dhcp.send.failed': entry(
    'warn',
    'a DHCP reply could not be sent: {message}',
    'The system refused to send.',
    'Check the interface and its address; the client retries.',
  ),
  'dhcp.socket.failed': entry(
    'warn',
    'DHCP: {message}',
    'A DHCP socket failed or is gone; the appliance reopens it.',
    'If it stays, check the interface.',
  ),

  'tftp.transfer.started': entry(
    'debug',
    'fetches {name} ({sizeBytes} bytes)',
    'A client requested a file and receives it.',
  ),
  'tftp.transfer.progress': entry(
    'debug',
    'has {bytes} of {sizeBytes} bytes of {name}',
    'A transfer advanced; at most four times a second. Never in the journal.',
  ),
  'tftp.transfer.ended': entry(
    'info',
    'transfer of {name}: {outcome}, {bytes} bytes in {ms} ms[, {repeats} retransmissions]',
    'A transfer is over; `complete` means that the client acknowledged the last block.',
    'After `never-acknowledged`, look for a firewall or address translation that drops replies. After `timed-out`, look for a lossy link or a phone without power.',
  ),
  'tftp.request.absent': entry(
    'debug',
    'requested {requestedName}: not found',
    'A client requested a file that it does not have. Normal for `CTLSEP<MAC>.tlv`.',
  ),
  'tftp.request.refused': entry(
    'warn',
    '{requestedName} refused: {reason}',
    'A client asked to write, or for an unsupported mode. Phones never do.',
    'Find out what the client is.',
  ),
  'tftp.request.ignored': entry(
    'debug',
    'sent a request that was ignored: {reason}',
    'A packet to the listening port got no transfer. `repeated-request` is normal.',
    'Many `malformed-request` or `not-a-client` suggest a scan; many `too-many-transfers` a limit that is too low.',
  ),
  'tftp.packet.dropped': entry(
    'debug',
    'TFTP packet ignored: {reason}',
    'A packet to the port of a transfer had no effect. `stale-ack` is normal on a lossy link.',
    'Many `unknown-tid` suggest address translation that changes ports.',
  ),
  'tftp.slow.sockets': entry(
    'warn',
    'TFTP sends one datagram at a time: {why}',
    'At the start, the fast sockets are not available.',
    'Run on Linux with koffi installed for full speed.',
  ),

  'device.unknown.seen': entry(
    'info',
    'is not an enrolled phone and was not served: {reason}[; vendor class {vendorClass}]',
    'A device that is not an enrolled phone requested an address or a file and got none; once an hour for each device.',
    'Enrol it if it is a phone of yours: `switchhook devices enrol MAC`.',
  ),
  'enrol.phone.enrolled': entry(
    'info',
    'enrolled automatically with profile {profile}',
    'A phone of the supported models appeared on a network with `autoEnrol`.',
  ),
  'enrol.device.left': entry(
    'info',
    'not enrolled: {why}',
    'A device appeared on a network with `autoEnrol` and is not a phone that can be enrolled.',
    'Enrol it by hand if it is one of the supported phones.',
  ),
  'enrol.phone.refused': entry(
    'warn',
    'could not be enrolled: {why}',
    'Automatic enrolment failed.',
    'Correct what the reason names, usually the profile.',
  ),
  'enrol.conversion.refused': entry(
    'warn',
    'enrolled, but not converted yet: {why}',
    'The conversion of an automatically enrolled phone could not start; it is tried again when the phone shows more of what it runs, or is heard of after firmware was added.',
    'Add the missing firmware, or start the conversion by hand with `from`.',
  ),
  'enrol.limit.reached': entry(
    'warn',
    'automatic enrolment is paused: {why}',
    'The hourly limit of automatic enrolments is reached.',
    'Check which devices are on the network.',
  ),
  'enrol.store.failed': entry(
    'error',
    'an automatic enrolment could not be stored',
    'The database refused the entry; the phone is tried again at its next boot.',
    'Check the disk.',
  ),

  'conversion.started': entry(
    'info',
    'conversion[ from {from}] to {to}',
    'An operator, a profile or a roll-out requested it.',
    'Power-cycle the phone once.',
  ),
  'conversion.stage.changed': entry(
    'debug',
    '{load}: {stage}',
    'The phone moved to the next stage of a step.',
  ),
  'conversion.step.confirmed': entry(
    'info',
    '{load} runs',
    'The phone runs the load of a step; the files of the next step are served from now on.',
  ),
  'conversion.confirmed': entry(
    'info',
    '{to} has booted, {seconds} s after the start',
    'Evidence shows that the phone runs the target.',
    'Take the phone off the bench.',
  ),
  'conversion.stalled': entry(
    'warn',
    'stalled: {diagnosis}',
    'The phone did nothing for longer than a healthy phone ever does, or repeats itself.',
    'Follow the remedy of the diagnosis. The conversion continues when the phone does.',
  ),
  'conversion.replanned': entry(
    'warn',
    'refuses {refused}; new path: {steps}. Power-cycle it once more',
    'The phone refused a step, and another upgrade path with available firmware exists.',
    'Power-cycle the phone once more.',
  ),
  'conversion.resumed': entry(
    'info',
    'continues towards {load}',
    'A stalled phone advances again.',
  ),
  'conversion.cancelled': entry(
    'info',
    'conversion cancelled',
    'An operator cancelled it; the phone sees the files of its present load.',
  ),
  'conversions.phone.speed': entry(
    'warn',
    'phones are assumed to be {phoneSpeed} times faster than real ones',
    'At the start, with `conversions.phoneSpeed` above 1.',
    'Remove the setting before you convert real phones.',
  ),

  'rollout.started': entry(
    'info',
    'roll-out {rollout} of {phones} phones to {to}',
    'An operator started it.',
    'Power-cycle the canaries.',
  ),
  'rollout.phone.changed': entry(
    'debug',
    'roll-out {rollout}: {state}[ ({reason})]',
    'A phone of the roll-out changed its state.',
  ),
  'rollout.canaries.confirmed': entry(
    'info',
    'roll-out {rollout}: all canaries are confirmed',
    'Every canary runs the target; the first wave starts.',
    'Power-cycle the phones of the wave.',
  ),
  'rollout.paused': entry(
    'info',
    'roll-out {rollout} is paused',
    'An operator paused it. Phones in progress continue.',
  ),
  'rollout.resumed': entry('info', 'roll-out {rollout} is resumed', 'An operator resumed it.'),
  'rollout.stopped': entry(
    'warn',
    'roll-out {rollout} is stopped: {reason}',
    'An operator stopped it, a canary failed, or too many phones failed.',
    'Look at the phones that failed, fix the cause, and start another roll-out with the rest.',
  ),
  'rollout.finished': entry(
    'info',
    'roll-out {rollout} is finished: {confirmed} confirmed, {failed} failed, {absent} absent',
    'Every phone has reached an end.',
    'Look at the phones that failed or were absent.',
  ),
  'rollout.deleted': entry('info', 'roll-out {rollout} deleted', 'An operator deleted it.'),
  'rollout.taken': entry(
    'warn',
    'roll-out {rollout} goes on here, after {from}',
    'The appliance that drove a roll-out was not heard of for `takeoverAfter`, and this one took it over.',
    'See why the former one (`from`) stopped.',
  ),

  'survey.started': entry(
    'info',
    'survey {survey} of {addresses} addresses',
    'An operator started it.',
  ),
  'survey.finished': entry(
    'info',
    'survey {survey} ended: {told} of {addresses} said what they run',
    'Every address was asked or passed over, or the survey failed.',
  ),
  'survey.answer.refused': entry(
    'warn',
    'the page at {address} was not believed: {reason}[, it names {named}]',
    'A web page names another phone than the one at its address, or none.',
    'Check which device has the address.',
  ),
  'phone.serial.seen': entry(
    'debug',
    'has serial number {serial}[, model {model}]',
    'The web page of a phone, asked in a survey or by a conversion, told its serial number.',
  ),
  'phone.seen': entry(
    'info',
    'runs[ {load}][ ({protocol})], by its {by}',
    'A survey, a registration or the files of a phone showed what it runs.',
  ),
  'phone.restart.sent': entry(
    'info',
    'restart by {method}: the order has left',
    'A restart was sent by this method. Its outcome follows within 130 s.',
  ),
  'phone.restart.seen': entry(
    'info',
    'restart by {method}: it started ({by})[, {seconds} s later]',
    'The phone started after the order: a DHCP start, a new sequence of file requests, or an SCCP Alarm.',
  ),
  'phone.restart.failed': entry(
    'warn',
    'restart by {method} failed: {reason}',
    'The order did not leave, or no restart was seen. Without a named method, the next one follows.',
  ),
  'phone.restart.ended': entry(
    'info',
    'restart ended: {outcome}[, by {methods}]',
    'The phone was seen to start, or no method is left; within 6 minutes of the first.',
    'After `failed`, restart the phone by hand.',
  ),
  'phone.registered': entry(
    'info',
    'registered by {protocol}[, version {version}]',
    'A phone registered with the appliance, or with another protocol or version than before.',
  ),
  'phone.unregistered': entry(
    'info',
    'no longer registered: {reason}',
    'A phone unregistered, closed its session, or did not refresh in time. A restart does that.',
    'If the phone stays away, check its power and network.',
  ),
  'phone.registration.loop': entry(
    'warn',
    'registers again and again by {protocol}',
    'A phone registered more than three times within five minutes; it is not restarted from here meanwhile.',
    'Look at its display.',
  ),
  'phone.registration.refused': entry(
    'debug',
    'a registration was ignored: {reason}',
    'A registration did not come from the phone that it names.',
  ),
  'phone.without.place': entry(
    'warn',
    '{what}',
    'At the start or a reload, the network or address of an enrolled phone does not exist.',
    'Correct the entry of the phone or the configuration.',
  ),
  'inventory.text.unreadable': entry(
    'warn',
    '{text}',
    'At the start, a stored text has characters that a phone cannot show.',
    'Enter the text again.',
  ),

  'switch.ports.unread': entry(
    'error',
    '{why}',
    'The record of switch ports that are off could not be read or written.',
    'Check the data folder; make sure that no port of a phone is without power.',
  ),
  'phone.restart.command': entry(
    'info',
    'the restart command ended',
    'The command in `restart.command` has run for a phone; the fields have its outcome.',
  ),
  'switch.port.off': entry(
    'info',
    '{port} is off, to restart the phone',
    'The appliance switched the power of a phone off to restart it; it follows with on.',
  ),
  'switch.port.on': entry(
    'info',
    '{port} is on again',
    'The switch confirmed that the port has power.',
  ),
  'switch.port.stuck': entry(
    'error',
    '{port} may be without power: {why}',
    'The switch did not confirm that the port is on again; the appliance keeps trying.',
    'Switch the port on by hand.',
  ),

  'audit.change': entry(
    'info',
    '{action} by {by}[ {tokenName}][ from {address}]',
    'An API request or a signal changed something.',
  ),
  'webhook.failed': entry(
    'warn',
    'webhook {webhook} to {host} failed: {why}',
    'A delivery failed after one that succeeded, or the first one did. It is tried again; further failures are not reported until one succeeds.',
    'Check the receiver; GET /v1/webhooks shows what waits.',
  ),
  'webhook.recovered': entry(
    'info',
    'webhook {webhook} to {host} delivers again',
    'A delivery succeeded after failures.',
  ),
  'webhook.dropped': entry(
    'warn',
    'webhook {webhook} to {host} dropped events: {why}',
    'An event was given up after 12 attempts, or more than 1,000 events were waiting. Said once until a delivery succeeds.',
    'Check the receiver; GET /v1/events has what it missed.',
  ),
  'events.left.out': entry(
    'warn',
    '{events} events and {lines} lines of {of} left out',
    'Events were not recorded because one device or network caused too many of one kind.',
  ),
  'log.lines.left.out': entry(
    'warn',
    '{leftOut} lines of {of} left out',
    'Log lines about API clients were limited.',
  ),

  'firmware.synthetic': entry(
    'warn',
    'synthetic firmware: {loads}',
    'Firmware that this project generates for simulated phones is stored.',
    'Remove it before you convert real phones.',
  ),
  'firmware.synthetic.refused': entry(
    'warn',
    'synthetic firmware {name} was not served',
    'A phone on a network that is not loopback requested synthetic firmware.',
    "Import Cisco's firmware, or use `serve --rehearsal` for simulated phones.",
  ),
  'files.withheld': entry(
    'warn',
    'shared files are not served: {why}',
    'Files in `tftp.sharedDir` have names that could convert a phone.',
    'Rename them, or set `tftp.sharedTriggers`.',
  ),

  'address.gone': entry(
    'warn',
    '{address}: {why}',
    'The address of a network is no longer assigned to an interface.',
    'Assign it again; the appliance continues without a restart.',
  ),
  'address.back': entry('info', '{address} is assigned again', 'The address is back.'),
  'link.down': entry(
    'warn',
    '{why}',
    'The link of an interface is down.',
    'Check the cable, the switch port and the interface.',
  ),
  'link.up': entry('info', 'the link of {interface} is up', 'The link is back.'),
  'socket.failed': entry(
    'warn',
    '{message}',
    'A TFTP socket failed or is gone; the appliance reopens it.',
    'If it stays, check the interface.',
  ),
  'call-control.not.listening': entry(
    'warn',
    'call control does not listen on {address}',
    'A SIP or SCCP socket could not be opened; it is tried again.',
    'Stop the program that uses the port.',
  ),

  'database.failed': entry(
    'error',
    '{message}',
    'The database could not be written. Clients get no ACK and retry.',
    'Check the disk; no restart is needed.',
  ),
  'database.row.ignored': entry(
    'warn',
    '{fault}',
    'At the start, a stored row is damaged and was left out.',
    'Enter its contents again, or restore a backup.',
  ),

  'ownership.failed': entry(
    'warn',
    '{message}',
    'PostgreSQL did not answer when the owner of a network was asked for or told. At most once in a while for each reason.',
    'See `postgres.away`; where PostgreSQL is well, look at the way to it.',
  ),
  'postgres.away': entry(
    'error',
    'PostgreSQL cannot be used: {reason}',
    'PostgreSQL does not answer as it should. Phones are served from the copy here; nothing shared can be changed.',
    'Check the server and the URL; no restart is needed, except for another URL.',
  ),
  'postgres.failed': entry(
    'warn',
    '{message}',
    'PostgreSQL did not take or give something that is shared; it is tried again.',
    'Nothing, unless it goes on: then check the server.',
  ),
  'postgres.reached': entry(
    'info',
    'PostgreSQL is reached',
    'PostgreSQL answers: what other appliances have changed is taken over.',
    'Nothing to do.',
  ),

  'settings.warning': entry(
    'warn',
    '{path}: {message}',
    'The configuration has a doubtful value.',
    'Check the key.',
  ),
  'settings.problem': entry(
    'error',
    '{path}: {message}',
    'The configuration has a value that is not valid; the start ends with exit code 78.',
    'Correct the key; `switchhook check FILE` lists all problems.',
  ),
  'settings.reloaded': entry(
    'info',
    'configuration reloaded',
    'SIGHUP or the API reloaded the configuration.',
    'Restart for the keys in `restartNeeded`.',
  ),
  'settings.reload.refused': entry(
    'error',
    'reload refused: the configuration has problems',
    'The new configuration is not valid; the previous one stays in force.',
    'Correct the problems in the event, then reload.',
  ),

  'appliance.ready': entry('info', 'ready; API at {api}', 'All sockets are open.'),
  'appliance.warmed.up': entry(
    'debug',
    'served {exchanges} clients that do not exist in {ms} ms',
    'The code that serves clients has run before the sockets open; {acknowledged} of the exchanges got an ACK.',
  ),
  'appliance.warm.up.failed': entry(
    'warn',
    'the code that serves clients did not run before the start',
    'The first clients may be served more slowly; nothing else is affected.',
    'Report the error as a bug.',
  ),
  'appliance.rehearsal': entry(
    'warn',
    '{why}',
    'The appliance was started with `serve --rehearsal`.',
    'Connect simulated phones only.',
  ),
  'appliance.stopping': entry(
    'info',
    'stopping[ after {signal}]',
    'The appliance was told to stop.',
  ),
  'appliance.stopped': entry('info', 'stopped', 'All transfers have ended and all data is stored.'),
  'appliance.not.started': entry(
    'fatal',
    '{why}',
    'The start failed; the process exits with 69, 70 or 78.',
    'Do what the sentence says.',
  ),
  'appliance.start.failed': entry(
    'debug',
    'the start failed',
    'As `appliance.not.started`, with the stack.',
  ),
  'appliance.close.failed': entry(
    'warn',
    'a part could not be closed',
    'The appliance stopped after a failed start.',
  ),
  'appliance.fault': entry(
    'fatal',
    'internal error',
    'A defect; the process exits with 70 and the supervisor restarts it.',
    'Report it with the stack.',
  ),

  'http.request.answered': entry(
    'info',
    '{method} {path}: {status}',
    'An API request changed something, or failed.',
  ),
  'http.request.failed': entry(
    'error',
    'an API request failed',
    'An internal error, with its stack.',
    'Check the disk; otherwise report it.',
  ),
  'http.path.refused': entry(
    'debug',
    '{method} refused: {status}',
    'A request path was not valid.',
  ),
  'http.answer.cut': entry(
    'debug',
    'a client closed its connection',
    'An answer could not be sent completely.',
  ),
  'http.token.refused': entry(
    'warn',
    '{client} sent a wrong token or none',
    'An API request was not authorised.',
    'Check the token of that client.',
  ),
  'http.token.blocked': entry(
    'warn',
    '{client} sent too many wrong tokens',
    'The client must wait before its next attempt.',
    'Find out whether that client guesses tokens.',
  ),
  'http.host.refused': entry(
    'warn',
    '{client} used the host name {host}',
    'The Host header names a host that the appliance does not serve.',
    'Add the name to `api.allowedHosts` if it is yours.',
  ),
  'http.connections.full': entry(
    'warn',
    'the limit of {most} API connections is reached',
    'New connections were closed.',
    'Close idle clients.',
  ),
  'http.connections.of.one': entry(
    'warn',
    '{client} reached the limit of {most} connections',
    'New connections of one client were closed.',
    'Check that client.',
  ),
} as const satisfies Readonly<Record<string, EventEntry>>

/** The name of an event in the table. */
export type EventName = keyof typeof EVENTS

/** The entry of an event; undefined for a name that is not in the table. */
export function entryOf(name: string): EventEntry | undefined {
  return Object.hasOwn(EVENTS, name) ? EVENTS[name as EventName] : undefined
}

/** The level of a line that the recorder writes; an event that is not in the table is `debug`. */
export function levelOf(name: string): 'debug' | 'info' | 'warn' {
  const level = entryOf(name)?.level
  return level === 'info' || level === 'warn' ? level : 'debug'
}

/** The sentence of an entry with the fields of an event. */
export function fillSentence(
  { sentence }: EventEntry,
  fields: Readonly<Record<string, unknown>>,
): string {
  const valueIn = (field: string): unknown => (Object.hasOwn(fields, field) ? fields[field] : null)
  return sentence
    .replace(/\[([^\]]*\{(\w+)\}[^\]]*)\]/g, (_, part: string, field: string) =>
      valueIn(field) ? part : '',
    )
    .replace(/\{(\w+)\}/g, (_, field: string) => textOf(valueIn(field)))
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'unknown'
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  // A diagnosis: what was seen is its sentence.
  if (typeof value === 'object') return 'seen' in value ? `${value.seen}` : JSON.stringify(value)
  return `${value}`
}
