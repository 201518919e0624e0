import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { ROOT } from '../../support/source-files.ts'

const UNIT = join(ROOT, 'appliance/deploy/switchhook.service')
const MOST_EXPOSED = 2.5

t.test('the unit does not try a faulty configuration for ever, and can be reloaded', async (t) => {
  const unit = readFileSync(UNIT, 'utf8')
  t.notMatch(unit, /^ExecStartPre=/m, 'its exit code is not looked at')
  t.match(unit, /^RestartPreventExitStatus=.*\b78\b/m)
  t.match(unit, /^StartLimitIntervalSec=60$/m)
  // systemd counts starts: ten of them, two seconds apart, lie within the interval.
  t.match(unit, /^StartLimitBurst=10$/m)
  t.match(unit, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m)
  for (const line of ['UMask=0077', 'LimitCORE=0', 'MemoryMax=1G']) t.match(unit, `\n${line}\n`)
})

t.test('systemd finds no fault in it, and little to expose', async (t) => {
  const analyze = (...args: string[]) =>
    spawnSync('systemd-analyze', [...args, UNIT], { encoding: 'utf8' })
  const verified = analyze('verify')
  if (verified.error !== undefined) return t.comment('left out: no systemd-analyze here')
  // Where the program is not in /opt, that alone is said.
  const faults = `${verified.stderr}${verified.stdout}`
    .split('\n')
    .filter((line) => line.includes('switchhook') && !/is not executable|not found/.test(line))
  t.same(faults, [])
  const { stdout } = analyze('security', '--offline=true')
  const [, level = '10'] = /exposure level for switchhook\.service: ([\d.]+)/.exec(stdout) ?? []
  t.ok(Number(level) <= MOST_EXPOSED, `exposure ${level}`)
})

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string
}

t.test('image and compose files say the version of the package', async (t) => {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  t.match(dockerfile, `org.opencontainers.image.version="${version}"`)
  t.match(dockerfile, `--tag switchhook:${version} `)
  for (const name of ['compose.yaml', 'compose.macvlan.yaml']) {
    const text = readFileSync(join(ROOT, 'appliance/deploy', name), 'utf8')
    t.match(text, `image: switchhook:${version}\n`, name)
  }
})

t.test('compose files bound memory, processes and logs, and mount a folder', async (t) => {
  for (const name of ['compose.yaml', 'compose.macvlan.yaml']) {
    const text = readFileSync(join(ROOT, 'appliance/deploy', name), 'utf8')
    const { services } = parse(text) as { services: { switchhook: Record<string, unknown> } }
    t.match(services.switchhook, {
      mem_limit: '1g',
      pids_limit: 256,
      ulimits: { core: 0 },
      logging: { options: { 'max-size': '10m', 'max-file': '5' } },
      volumes: ['./etc:/etc/switchhook:ro', 'data:/var/lib/switchhook'],
    })
  }
})
