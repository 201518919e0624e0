import { type RequestedFile, readRequestedFile } from '../../../phones/requested-file.ts'
import { type Finding, finding } from '../finding.ts'
import type { RootView } from '../root-view.ts'
import { document5455 } from '../sources.ts'
import { baseName, isAtTop } from '../tftp-root.ts'

/** Files in a sub-folder that phones look for in the root, and archives that were not unpacked. */
export function findMisplacedFiles({ root, top, sip }: RootView): readonly Finding[] {
  const folders = new Set(
    sip.flatMap(({ content }) =>
      content.entries
        .filter(({ name }) => name === 'tftp_cfg_dir')
        .map(({ value }) => value.replace(/^(?:\.?\/)+|\/+$/g, '')),
    ),
  )
  return root.files.flatMap((file) => {
    const name = baseName(file.path)
    if (isAtTop(file)) return ARCHIVE.test(name) ? archive(name) : []
    const folder = file.path.slice(0, -name.length - 1)
    const { kind } = readRequestedFile(name)
    if (!AT_TOP.has(kind) || top.has(name) || (kind === 'sip-phone' && folders.has(folder)))
      return []
    return [misplaced(file.path, name, OF_ONE_CLIENT.test(folder))]
  })
}

const AT_TOP: ReadonlySet<RequestedFile['kind']> = new Set([
  'os79xx',
  'ctlsep',
  'sep-xml',
  'sep-cnf',
  'sip-phone',
  'sip-default',
  'xml-default',
  'sep-default',
  'loads',
  'image',
  'ringlist-dat',
])

const ARCHIVE = /\.(?:zip|tar|tgz|gz|cop|exe)$/i

/** dnsmasq with --tftp-unique-root has a folder for each client, by address or MAC. */
const OF_ONE_CLIENT = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{2}(?:[-:][0-9a-f]{2}){5})$/i

function misplaced(file: string, name: string, isOfClient: boolean): Finding {
  return finding({
    severity: isOfClient ? 'warns' : 'fails',
    rule: 'sub-folder',
    file,
    found: 'lies in a sub-folder',
    phone: isOfClient
      ? `Phones ask for ${name} without a folder; only dnsmasq with --tftp-unique-root looks into this one.`
      : `Phones ask for ${name} without a folder and are told that there is no such file.`,
    remedy: 'Move it into the root folder, or unzip the archive there.',
    source: document5455('Protocol Application Invalid Error'),
  })
}

function archive(file: string): readonly Finding[] {
  if (!/79[46]0|P0[0S]3|sip|sccp/i.test(file)) return []
  const { found, remedy, section } = /\.exe$/i.test(file) ? INSTALLER : ARCHIVED
  return [
    finding({
      severity: 'warns',
      rule: 'archive',
      file,
      found,
      phone:
        'Phones ask for the files within it and do not find them, unless they lie here unpacked.',
      remedy,
      source: document5455(section),
    }),
  ]
}

const ARCHIVED = {
  found: 'is an archive',
  remedy: 'Unzip it into the root folder.',
  section: 'Protocol Application Invalid Error',
}
/** For Windows; it asks for a CallManager. */
const INSTALLER = {
  found: 'is an installer',
  remedy: 'Run it where it finds a CallManager, or unpack it, and put its files here.',
  section: 'Obtain SCCP Firmware',
}
