import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { aFirmwareZip } from '../support/a-firmware-zip.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'

const PHONE = '000E84C060A6'
const OTHER = '000E84C060A7'
const [FROM, TO] = ['P00308000500', 'P0S3-8-12-00']

t.setTimeout(300_000)

t.test(
  'a full disk at the API: 507 in words, nothing lost, and well once there is room',
  async (t) => {
    if (process.getuid?.() !== 0) return t.comment('left out: mounting a small disk needs root')
    const { appliance, apiUrl } = await aLoopbackBench(t, { loads: [] })
    await appliance.stop()
    const disk = join(appliance.dir, 'small')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk])
    t.teardown(() => execFileSync('umount', ['--lazy', disk]))
    appliance.yaml = appliance.yaml.replace(/^dataDir: .*$/m, `dataDir: ${disk}/data`)
    await appliance.start()
    const { api } = appliance
    for (const mac of [PHONE, OTHER]) await api.put(`/v1/phones/${mac}`, { model: '7960' })
    for (const load of [FROM, TO]) {
      await api.post('/v1/firmware', await aFirmwareZip(load), 'application/zip')
    }
    const zip = new Uint8Array(await aFirmwareZip('P0S3-06-3-00'))
    const ask = async (method: string, path: string, body: object | Uint8Array | null) => {
      const isBytes = body instanceof Uint8Array
      const type = path.startsWith('/v1/firmware') ? 'application/zip' : 'application/octet-stream'
      const answer = await fetch(`${apiUrl}${path}`, {
        method,
        headers: body === null ? {} : { 'content-type': isBytes ? type : 'application/json' },
        body: body === null ? null : isBytes ? Buffer.from(body) : JSON.stringify(body),
      })
      return { status: answer.status, text: await answer.text() }
    }
    fill(join(disk, 'filler'))
    // What the log has room for may still be stored, and then it is.
    let stored = 2
    for (let index = 0; index < 3_000; index++) {
      const mac = `0200${index.toString(16).padStart(8, '0')}`.toUpperCase()
      const { status } = await ask('PUT', `/v1/phones/${mac}`, { label: 'x'.repeat(60) })
      if (status !== 201) {
        t.equal(status, 507)
        break
      }
      stored++
    }
    const conversion = { from: FROM, to: TO }
    const changes = [
      ['PUT', `/v1/phones/${PHONE}`, { model: '7940' }],
      ['PATCH', `/v1/phones/${PHONE}`, { label: 'desk 12' }],
      ['PUT', '/v1/profiles/to-sip', { protocol: 'sip', load: TO }],
      ['POST', '/v1/firmware', zip],
      ['PUT', '/v1/files/bell.raw', new Uint8Array(100_000)],
      ['PUT', `/v1/phones/${PHONE}/conversion`, conversion],
      ['PUT', '/v1/rollouts/site', { phones: [OTHER], ...conversion }],
    ] as const
    for (const [method, path, body] of changes) {
      const { status, text } = await ask(method, path, body)
      t.equal(status, 507, `${method} ${path}: ${text}`)
      t.match(text, 'The disk that holds the data folder is full')
    }
    t.equal((await api.get<unknown[]>('/v1/phones')).length, stored)

    rmSync(join(disk, 'filler'))
    for (const [method, path, body] of changes) {
      const { status, text } = await ask(method, path, body)
      t.ok(status === 200 || status === 201, `${method} ${path}: ${status} ${text}`)
    }
    await appliance.kill()
    await appliance.start()
    t.equal((await api.get<unknown[]>('/v1/phones')).length, stored)
    t.match(await api.get(`/v1/phones/${PHONE}`), { model: '7940', label: 'desk 12' })
    t.match(await api.get('/v1/profiles'), [{ name: 'to-sip' }])
    t.equal((await api.get<unknown[]>('/v1/firmware')).length, 3)
    t.match(await api.get('/v1/files'), [{ name: 'bell.raw', bytes: 100_000 }])
    t.match(await api.get(`/v1/phones/${PHONE}/conversion`), { to: TO })
    t.match(await api.get('/v1/rollouts/site'), { to: TO })
  },
)

/** Writes until nothing fits any more; a small disk, so it soon ends. */
function fill(file: string): void {
  for (const octets of [65_536, 4096, 1]) {
    try {
      for (let written = 0; written < 1000; written++) {
        writeFileSync(file, new Uint8Array(octets), { flag: 'a' })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
}
