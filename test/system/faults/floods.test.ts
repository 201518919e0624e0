import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { MAIN, run } from '../support/appliance-process.ts'
import { aLoopbackBench } from '../support/loopback-bench.ts'
import { LoopbackClients } from '../support/loopback-clients.ts'
import { residentKib } from '../support/resident-memory.ts'

t.setTimeout(300_000)

const PHONE = '000E84C060A6'
const [FROM, TO] = ['P00305000300', 'P0S3-06-3-00']
/** Requests of the API that wait for their answers all the time. */
const AT_ONCE = 64
/** Far below what a client waits for an offer (RFC 2131 section 4.1: four seconds). */
const OFFER_WITHIN_MS = 1000
/** What the memory may grow by while large things are refused, in KiB. */
const GROWTH_KIB = 96 * 1024
const TWO_GB = '2G'

t.test(
  'the API is flooded while a phone converts: it converts, and offers are quick',
  async (t) => {
    const { appliance, apiUrl, dhcpPort, simulate } = await aLoopbackBench(t, { loads: [FROM, TO] })
    const { api } = appliance
    await api.put(`/v1/phones/${PHONE}`, { model: '7960', network: 'bench' })
    await api.put('/v1/phones/02000000AA01', { network: 'bench' })
    await api.put(`/v1/phones/${PHONE}/conversion`, { to: TO, from: FROM })
    const clients = await LoopbackClients.behindRelay(t, dhcpPort)
    const flood = floodOf(`${apiUrl}/v1/phones`)
    const until = ['--until', TO, '--timeout', '100']
    const phone = simulate(['--mac', PHONE, '--load', FROM, ...until])
    const waits: number[] = []
    let isOver = false
    void phone.finally(() => (isOver = true))
    while (!isOver) {
      const askedAtMs = performance.now()
      const { type } = await clients.ask('02000000aa01', '350101')
      if (type === 2) waits.push(performance.now() - askedAtMs)
    }
    const { code, output } = await phone
    t.equal(code, 0, output)
    t.match(await api.get(`/v1/phones/${PHONE}/conversion`), { state: 'confirmed' })
    const answered = await flood.stop()
    t.ok(answered > 500, `${answered} answers of the API meanwhile`)
    const longest = Math.max(...waits)
    t.ok(
      waits.length > 10 && longest < OFFER_WITHIN_MS,
      `${waits.length} offers, ${longest} ms at most`,
    )
  },
)

t.test('two gigabytes, as an upload and as a folder: refused in words, and not read', async (t) => {
  const bench = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const { appliance, apiUrl, tftpPort } = bench
  const large = join(appliance.dir, 'large.zip')
  execFileSync('truncate', ['--size', TWO_GB, large])
  const before = residentKib(appliance.pid)
  const type = ['-H', 'content-type: application/zip']
  const upload = ['-sS', '-m', '60', '-X', 'POST', '-T', large, ...type, `${apiUrl}/v1/firmware`]
  const { output } = await run('curl', upload)
  t.match(output, /"status":413/)
  t.match(output, /32 MiB of a file/, 'what is the most')
  const grown = residentKib(appliance.pid) - before
  t.ok(grown < GROWTH_KIB, `${grown} KiB more`)
  t.same(await appliance.api.get('/v1/firmware'), [])

  const added = await run(process.execPath, [MAIN, 'firmware', 'add', large, '--api', apiUrl])
  t.equal(added.code, 1, added.output)
  t.match(
    added.output,
    /large\.zip was not imported: it has 2147483648 bytes; the limit is 33554432/,
  )

  await appliance.stop()
  const shared = join(appliance.dir, 'shared')
  mkdirSync(shared)
  writeFileSync(join(shared, 'ringer.raw'), new Uint8Array(100))
  execFileSync('truncate', ['--size', TWO_GB, join(shared, 'logo.bmp')])
  appliance.yaml = appliance.yaml.replace(
    /^tftp: \{ (.*) \}$/m,
    `tftp: { $1, sharedDir: ${shared} }`,
  )
  await appliance.start()
  t.match(
    appliance.output,
    /"logo\.bmp\\" is left out: it holds 2147483648 bytes; the limit for one file is 67108864/,
  )
  const ringer = await run('curl', [
    '-sS',
    '--interface',
    '127.84.0.77',
    '-o',
    '/dev/null',
    `tftp://127.0.0.1:${tftpPort}/ringer.raw`,
  ])
  t.equal(ringer.code, 0, 'what is good is served')
})

/** Asks without a pause on many connections until it is stopped; how many answers there were. */
function floodOf(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  let [isStopped, answers] = [false, 0]
  const askOn = async () => {
    while (!isStopped) {
      const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
      answer.resume()
      await once(answer, 'end')
      answers++
    }
  }
  const all = Array.from({ length: AT_ONCE }, askOn)
  return {
    stop: async () => {
      isStopped = true
      await Promise.all(all)
      agent.destroy()
      return answers
    },
  }
}
