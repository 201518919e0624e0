import { join } from 'node:path'
import t from 'tap'
import { aListeningApi } from '../../support/a-listening-api.ts'

const URL = 'https://example.net/hook'

t.test('a webhook is added with a secret of its own, listed and removed', async (t) => {
  const { run } = await aListeningApi(t)
  const added = await run('webhooks', 'add', URL, '--events', 'conversion.confirmed, rollout')
  t.equal(added.code, 0, added.stderr)
  t.match(added.stdout, `webhook hook-1 sends conversion.confirmed, rollout to ${URL}\n`)
  t.match(added.stdout, /^secret, shown once: [\w-]{43}$/m)
  const listed = await run('webhooks', 'list')
  t.match(listed.stdout, /^ID .*\nhook-1 +idle +0 +0 +0 +- +conversion\.confirmed,rollout +https/)
  t.match(JSON.parse((await run('webhooks', 'list', '--json')).stdout), [{ id: 'hook-1' }])
  t.match(await run('webhooks', 'remove', 'hook-1'), { code: 0, stdout: 'hook-1 removed\n' })
  t.equal((await run('webhooks', 'remove', 'hook-1')).code, 1)
})

t.test('a secret of a file is not printed', async (t) => {
  const { run } = await aListeningApi(t)
  const file = join(t.testdir({ secret: 'hush-hush\n' }), 'secret')
  const args = ['webhooks', 'add', URL, '--events', 'rollout', '--secret-file']
  for (const more of [[], ['--json']]) {
    const { code, stdout, stderr } = await run(...args, file, ...more)
    t.equal(code, 0, stderr)
    t.notMatch(stdout, /secret|hush/)
  }
  t.equal((await run(...args, `${file}-not`)).code, 66)
})

t.test('a refusal names what is wrong', async (t) => {
  const { run } = await aListeningApi(t)
  const refused = await run('webhooks', 'add', 'ftp://x/', '--events', 'rollout,rolout')
  t.equal(refused.code, 1)
  t.match(refused.stderr, '/url: ftp: is not supported')
  t.match(refused.stderr, '/events/1: rolout is no event')
})

t.test('what is given of a webhook is changed, and the rest stays', async (t) => {
  const { run } = await aListeningApi(t)
  await run('webhooks', 'add', URL, '--events', 'rollout')
  const elsewhere = await run('webhooks', 'set', 'hook-1', '--url', 'https://example.org/')
  t.match(elsewhere, { code: 0, stdout: 'webhook hook-1 sends rollout to https://example.org/\n' })
  const file = join(t.testdir({ secret: 'hush-hush\n' }), 'secret')
  const args = ['webhooks', 'set', 'hook-1', '--events', 'conversion, rollout']
  const both = await run(...args, '--secret-file', file, '--json')
  t.match(JSON.parse(both.stdout), {
    url: 'https://example.org/',
    events: ['conversion', 'rollout'],
  })
  t.match(await run('webhooks', 'set', 'hook-1'), { code: 64, stderr: /at least one property/ })
  t.match(await run('webhooks', 'set', 'hook-2', '--events', 'rollout'), {
    code: 1,
    stderr: /webhook hook-2/,
  })
})
