import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { blocksOf, documents } from '../support/documents.ts'
import { ROOT } from '../support/source-files.ts'
import { aFirmwareZip } from './support/a-firmware-zip.ts'
import { ApplianceProcess, MAIN, run } from './support/appliance-process.ts'
import { CLIENT_INTERFACE, Lab, SERVER_INTERFACE } from './support/lab.ts'
import { testWith } from './support/test-with.ts'

t.setTimeout(300_000)

const README = documentNamed('README.md')
const [SIP, SCCP] = ['P0S3-8-12-00', 'P00308000500']
const ROLLOUT_PHONES = ['000E84C060A7', '000E84C060A8']
/** The phone that is plugged in is a simulated one, and in a hurry. */
const QUICK = 'conversions: { phoneSpeed: 20 }\n'
/** The interface and the program of the documents, as they are called here. */
const HERE = [
  ['interface: eth1', `interface: ${SERVER_INTERFACE}`],
  ['npm start --', 'switchhook'],
] as const

/** Blocks of commands that are run elsewhere, by what they begin with. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm start    #': 'test/appliance/, `.ci/run`: what runs this test is `npm test` in a clone',
  '.ci/build-deb': 'test/package/run: `.ci/run` builds and installs the package',
  'dpkg --install': 'test/package/run',
  'npm start       ': 'test/: `npm test` runs the same, whole or in its short form',
  'npm run bench': 'test/bench/: needs a quiet machine and the peers',
  'curl -H "Authorization': 'test/system/api-clients.test.ts',
  'docs/examples/convert.sh': 'test/system/api-clients.test.ts',
  'curl -N -H': 'test/adapters/http/event-stream.test.ts: it has no end',
  'ip netns exec bench switchhook simulate scenario': 'test/system/simulate.test.ts',
  'install -m 0600': 'nowhere: it writes the secrets of a real switch to /etc',
  'snmpwalk -v3': 'nowhere: it asks a real switch; test/adapters/snmp/ has the same table',
  'switchhook survey': 'test/system/survey.test.ts: its network has phones',
  'switchhook devices': 'test/system/unknown-devices.test.ts: its network has unknown phones',
  'switchhook webhooks': 'test/appliance/commands/webhooks.test.ts',
  SWITCHHOOK_SECRET_FILE: 'test/adapters/http/post-webhook.test.ts',
  'switchhook tokens': 'test/appliance/commands/tokens.test.ts',
  'switchhook profiles': 'test/system/operator-commands.test.ts: its network has a phone',
  'systemctl stop': 'test/package/run, test/system/operator-commands.test.ts: no service',
  'switchhook trace': 'test/appliance/commands/trace.test.ts',
  'switchhook simulate --replay': 'test/appliance/commands/simulate-replay.test.ts',
}

testWith(['curl'], 'the README is followed to the letter: a phone converts', async (t) => {
  const bench = await aBenchByTheReadme(t)
  const { appliance, sh, simulate } = bench
  const blocks = commandsOf('README.md').filter((code) => !isElsewhere(code))
  t.equal(blocks.length, 3, 'check and serve, firmware, and what to convert')
  const [served = '', ...asked] = blocks
  const [check = '', serve = ''] = served.trim().split('\n')
  t.equal(serve.trim(), 'npm start -- --config bench.yaml')
  t.match(await sh(check), { code: 0, output: /bench/ })
  await appliance.start()
  writeFileSync(join(appliance.dir, `${SIP}.zip`), await aFirmwareZip(SIP))
  const { code, output } = await sh(asked.join('\n'))
  t.equal(code, 0, output)
  t.notMatch(output, /"status":[45]/, 'nothing was refused')
  t.match(output, /"state":"waiting"/)
  const phone = await simulate('000E84C060A6', SCCP, SIP)
  t.equal(phone.code, 0, phone.output)
  const waits = spanOf(/`(curl "\$api\/phones\/\S+\/conversion\?wait=60")`/)
  t.match((await sh(`api=http://127.0.0.1:8067/v1\n${waits}`)).output, /"state":"confirmed"/)

  await t.test('and so is the guide to roll-outs', async (t) => {
    for (const mac of ROLLOUT_PHONES) {
      const body = '{"model":"7960","network":"bench"}'
      await sh(
        `curl -sX PUT http://127.0.0.1:8067/v1/phones/${mac} -H 'content-type: application/json' -d '${body}'`,
      )
    }
    const [begin = '', change = ''] = commandsOf('docs/rollouts.md')
    const began = await sh(begin)
    t.match(began.output, /"state":"running"/, began.output)
    const changed = await sh(`${begin.split('\n')[0]}\n${change.replace('?wait=60', '')}`)
    t.equal(changed.code, 0, changed.output)
    t.notMatch(changed.output, /"status":[45]/, 'nothing was refused')
    t.match(changed.output, /"state":"paused".*"state":"stopped"/s)
  })
})

testWith(['curl'], 'what the README says of the command line can be run', async (t) => {
  const { appliance, sh } = await aBenchByTheReadme(t)
  await appliance.start()
  writeFileSync(join(appliance.dir, `${SIP}.zip`), await aFirmwareZip(SIP))
  t.match(await sh(spanOf(/`(switchhook plan --from[^`]+)`/)), { code: 0, output: /P0S30203/ })
  for (const name of new Set([...README.matchAll(/`switchhook (\w+)/g)].map(([, name]) => name))) {
    t.match(await sh(`switchhook ${name} --help`), { code: 0, output: `Usage: switchhook ${name}` })
  }
  t.match(await sh(`switchhook firmware add ${SIP}.zip`), { code: 0, output: `${SIP} added` })
  await sh(`switchhook phones add 000E84C060A6 --model 7960 --network bench`)
  writeFileSync(join(appliance.dir, 'phones.txt'), '000E84C060A6,Desk 12,7960,1201\n')
  for (const command of commandsOf('docs/offline-tools.md').join('\n').trim().split('\n')) {
    t.match(await sh(command), { code: 0 }, command)
  }
  t.match(readFileSync(join(appliance.dir, 'phones.csv'), 'utf8'), /000E84C060A6/)
  t.match(readFileSync(join(appliance.dir, 'checklist.md'), 'utf8'), /^# /)
})

testWith(['curl'], 'the operator is told nothing that does not work', async (t) => {
  const { appliance, sh } = await aBenchByTheReadme(t)
  await appliance.start()
  writeFileSync(join(appliance.dir, `${SIP}.zip`), await aFirmwareZip(SIP))
  const places = [
    ['/etc/switchhook/appliance.yaml', 'bench.yaml'],
    ['/var/backups/', `${appliance.dir}/`],
    ['/var/lib/switchhook', `${appliance.dir}/data`],
  ] as const
  const blocks = commandsOf('docs/operators-guide.md').filter((code) => !isElsewhere(code))
  for (const command of blocks.join('').trim().split('\n')) {
    const here = places.reduce(
      (changed, [there, place]) => changed.replaceAll(there, place),
      command,
    )
    const { code, output } = await sh(here)
    t.equal(code, 0, `${here}: ${output}`)
  }
})

testWith(
  ['ip'],
  'the guide of the rehearsal is followed to the letter: five commands',
  async (t) => {
    const dir = t.testdir()
    const guide = { name: 'docs/simulator.md', text: documentNamed('docs/simulator.md') }
    const yaml = blocksOf(guide).find(({ code }) => code.startsWith('dataDir:'))?.code ?? ''
    writeFileSync(join(dir, 'rehearsal-bench.yaml'), yaml)
    const blocks = commandsOf(guide.name)
    const five = blocks.find((code) => code.startsWith('switchhook simulate --make-firmware')) ?? ''
    const after =
      blocks.find((code) => code.startsWith('ip netns exec bench switchhook trace')) ?? ''
    t.equal(five.trim().split('\n').length, 5)
    // As an operator has it: on the PATH. Names of namespaces belong to the whole machine.
    const bench = `rehearsal${process.pid}`
    writeFileSync(
      join(dir, 'switchhook'),
      `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`,
      {
        mode: 0o755,
      },
    )
    t.teardown(() => run('ip', ['netns', 'del', bench]))
    const script = `set -m\ncd '${dir}'\nexport PATH="$PWD:$PATH"\n${five}echo "simulated: $?"\n${after}`
    const here = script.replace(/netns (add|exec|del) bench/g, `netns $1 ${bench}`)
    const { code, output } = await run(
      'bash',
      ['-c', here.replaceAll('-n bench', `-n ${bench}`)],
      280_000,
    )
    t.equal(code, 0, output)
    t.match(output, 'synthetic-P0S3-8-12-00.zip written')
    t.match(output, /simulated: 0$/m, 'the phone runs the target')
    t.match(output, /runs P0S3-8-12-00|confirmed/, 'and the trace says so')
    t.equal((await run('ip', ['netns', 'pids', bench])).output.trim().match(/^\d+$/m), null)
  },
)

t.test('no document has commands that nothing runs', async (t) => {
  const runHere = [
    'README.md',
    ...['rollouts', 'offline-tools', 'operators-guide', 'simulator'].map(
      (guide) => `docs/${guide}.md`,
    ),
  ]
  for (const { name } of documents()) {
    for (const code of commandsOf(name)) {
      t.ok(runHere.includes(name) || isElsewhere(code), `${name}: ${code.split('\n')[0]}`)
    }
  }
})

/** The README's configuration in a folder of its own, in a namespace with its interface and address. */
async function aBenchByTheReadme(t: Test) {
  const lab = Lab.open(t, '10.20.0.2/24')
  const [yaml = ''] = blocksOf({ name: 'README.md', text: README })
    .filter(({ language }) => language === 'yaml')
    .map(({ code }) => code)
  const options = { apiPort: 8067, prefix: lab.besideServer }
  const appliance = new ApplianceProcess(`dataDir: '{dir}/data'\n${QUICK}${asHere(yaml)}`, options)
  t.teardown(() => appliance.remove())
  writeFileSync(join(appliance.dir, 'bench.yaml'), QUICK + asHere(yaml))
  const sh = (script: string) => {
    const ours = `switchhook() { '${process.execPath}' '${MAIN}' "$@"; }\ncd '${appliance.dir}'\n`
    return lab.run(lab.server, 'bash', '-c', ours + asHere(script))
  }
  const simulate = (mac: string, from: string, to: string) => {
    const client = lab.plugIn('02:00:00:00:a0:60')
    const phone = ['--mac', mac, '--load', from, '--until', to, '--interface', CLIENT_INTERFACE]
    return lab.run(client, process.execPath, MAIN, 'simulate', ...phone, '--speed', '20')
  }
  return { appliance, sh, simulate }
}

function asHere(text: string): string {
  return HERE.reduce((changed, [there, here]) => changed.replaceAll(there, here), text)
}

function commandsOf(name: string): readonly string[] {
  return blocksOf({ name, text: documentNamed(name) })
    .filter(({ language }) => language === 'sh')
    .map(({ code }) => code)
}

function isElsewhere(code: string): boolean {
  return Object.keys(ELSEWHERE).some((beginning) => code.startsWith(beginning))
}

function documentNamed(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8')
}

/** The first group of what the README has; empty where it has it no more, which fails the test. */
function spanOf(pattern: RegExp): string {
  return pattern.exec(README)?.[1] ?? ''
}
