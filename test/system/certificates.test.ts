import { copyFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { certificateName } from '../support/certificate-name.ts'
import { ROOT } from '../support/source-files.ts'
import { anAppliance, freeTcpPort, freeUdpPort } from './support/appliance-process.ts'

t.setTimeout(120_000)

t.test(
  'SIGHUP takes up a renewed certificate, and keeps the old one where it is no good',
  async (t) => {
    const [apiPort, dhcpPort, tftpPort] = await Promise.all([
      freeTcpPort(),
      freeUdpPort(),
      freeUdpPort(),
    ])
    const folder = t.testdir({})
    const [certificate, key] = [join(folder, 'api.crt'), join(folder, 'api.key')]
    const put = (name: string) => {
      for (const [kind, file] of [
        ['crt', certificate],
        ['key', key],
      ] as const) {
        copyFileSync(join(ROOT, `test/vectors/tls/${name}.${kind}`), file)
      }
    }
    put('api')
    const yaml = `
dataDir: '{dir}/data'
api: { listen: '127.0.0.1:${apiPort}', tls: { certificateFile: '${certificate}', keyFile: '${key}' } }
dhcp: { port: ${dhcpPort} }
tftp: { port: ${tftpPort} }
networks:
  - { name: bench, relayed: true, address: 127.0.0.1, subnet: 127.86.0.0/24, pool: [127.86.0.50-127.86.0.60] }
`
    const appliance = await anAppliance(t, yaml, { apiPort })
    const before = await nameOf(apiPort)
    put('renewed')
    appliance.signal('SIGHUP')
    for (const until = Date.now() + 10_000; (await nameOf(apiPort)) === before; await pause(50)) {
      if (Date.now() > until) break
    }
    const renewed = await nameOf(apiPort)
    t.not(renewed, before, `${before}, then ${renewed}`)
    writeFileSync(key, 'no key at all\n')
    appliance.signal('SIGHUP')
    t.ok(await appliance.printed(key), 'the file that is no good is named')
    t.equal(await nameOf(apiPort), renewed)
  },
)

/** The name in the certificate of a new connection. */
const nameOf = (port: number) => certificateName(port, new Agent({ maxCachedSessions: 0 }))
