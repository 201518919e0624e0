/** What a folder of `src` may import. */
export type Layer = {
  /** Other folders of `src`. */
  readonly may: readonly string[]
  /** Packages and parts of Node; `*` at the end stands for anything. */
  readonly packages: readonly string[]
}

const ENGINES_BELOW = ['net', 'wire', 'phones', 'inventory', 'leases', 'files', 'clients']
const ENGINES = ['dhcp', 'tftp', 'call-control', 'conversion']
const BELOW_SERVICES = [...ENGINES_BELOW, ...ENGINES, 'ownership']
const BELOW_ADAPTERS = [...BELOW_SERVICES, 'services', 'simulator']
const FASTIFY = ['fastify', '@fastify/*', 'typebox', 'typebox/*', 'prom-client']

/**
 * Who may import whom, from the bottom up; a folder without a row fails the test. ARCHITECTURE.md has
 * the same table, made by `importTable`.
 */
export const LAYERS: Readonly<Record<string, Layer>> = {
  net: { may: [], packages: [] },
  wire: { may: ['net'], packages: ['dhcp/lib/options.js'] },
  phones: { may: [], packages: [] },
  inventory: { may: ['net', 'phones'], packages: ['node:util'] },
  leases: { may: ['net'], packages: [] },
  files: { may: ['net'], packages: ['node:crypto'] },
  clients: { may: ['net', 'phones'], packages: [] },
  dhcp: { may: ['net', 'wire', 'leases'], packages: [] },
  tftp: { may: ['net', 'wire', 'files'], packages: [] },
  'call-control': { may: ['net', 'wire', 'phones'], packages: ['node:crypto'] },
  conversion: { may: ['net', 'phones', 'inventory', 'files', 'clients'], packages: [] },
  ownership: { may: [], packages: [] },
  services: { may: BELOW_SERVICES, packages: [] },
  simulator: { may: ['net', 'wire'], packages: [] },
  'tools/lint': { may: ['phones'], packages: ['saxes'] },
  'tools/cucm': { may: ['net', 'phones'], packages: [] },
  'tools/explain': { may: [...BELOW_SERVICES, 'services'], packages: ['node:zlib'] },
  settings: { may: BELOW_ADAPTERS, packages: ['typebox', 'typebox/value', 'yaml'] },
  'adapters/clock': { may: ['services'], packages: [] },
  'adapters/udp': { may: [...BELOW_ADAPTERS, 'adapters/clock'], packages: ['node:*', 'koffi'] },
  'adapters/tcp': { may: BELOW_ADAPTERS, packages: ['node:*'] },
  'adapters/rows': { may: BELOW_ADAPTERS, packages: [] },
  'adapters/sqlite': {
    may: [...BELOW_ADAPTERS, 'adapters/rows'],
    packages: ['node:*', 'better-sqlite3'],
  },
  'adapters/postgres': {
    may: [...BELOW_ADAPTERS, 'adapters/rows'],
    packages: ['node:*', 'pg', 'pg-connection-string'],
  },
  'adapters/snmp': { may: [...BELOW_ADAPTERS, 'adapters/disk'], packages: ['node:*', 'net-snmp'] },
  'adapters/process': { may: BELOW_ADAPTERS, packages: ['node:*'] },
  'adapters/disk': { may: [...BELOW_ADAPTERS, 'tools/lint'], packages: ['node:*'] },
  'adapters/zip': { may: BELOW_ADAPTERS, packages: ['node:*', 'yauzl'] },
  'adapters/http': { may: BELOW_ADAPTERS, packages: ['node:*', 'csv-parse/sync', ...FASTIFY] },
}

/** Whether a layer may import a package. */
export function mayUse({ packages }: Layer, specifier: string): boolean {
  return packages.some((name) =>
    name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name,
  )
}

/** The layers as rows of a Markdown table. */
export function importTable(): readonly string[] {
  const listed = (names: readonly string[]) => (names.length === 0 ? '–' : `\`${names.join(' ')}\``)
  return Object.entries(LAYERS).map(
    ([name, { may, packages }]) => `| \`${name}\` | ${listed(may)} | ${listed(packages)} |`,
  )
}
