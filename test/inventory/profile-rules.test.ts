import t from 'tap'
import {
  findProfileProblems,
  type ProfileDraft,
  profileFromDraft,
} from '../../src/inventory/profile-rules.ts'

const problemsOf = (draft: Partial<ProfileDraft>) =>
  findProfileProblems(
    profileFromDraft({ name: 'p', protocol: 'sip', load: 'P0S3-8-12-00', ...draft }, undefined),
  )

t.test('a profile for either protocol', async (t) => {
  t.same(problemsOf({}), [])
  t.same(problemsOf({ sip: { line6_name: '1', preferred_codec: 'g711ulaw' } }), [])
  const callManagers = ['10.20.0.5', 'cucm-1.lab.example']
  t.same(problemsOf({ protocol: 'sccp', load: 'P00308000500', sccp: { callManagers } }), [])
})

t.test('each thing that cannot be is named by its place', async (t) => {
  const cases = [
    { draft: { name: '' }, path: '/name', message: /1 to 64/ },
    { draft: { name: '../x' }, path: '/name', message: /letters/ },
    { draft: { name: 'x'.repeat(65) }, path: '/name', message: /64/ },
    { draft: { load: 'POS3-8-12-00' }, path: '/load', message: /did you mean P0S3-8-12-00\?/ },
    { draft: { load: 'SIP41.8-5-2S' }, path: '/load', message: /7941/ },
    { draft: { load: 'P003-8-12-00' }, path: '/load', message: /is a loader/ },
    { draft: { load: 'P00308000500' }, path: '/load', message: /is sccp firmware.* for sip/ },
    { draft: { protocol: 'sccp' as const }, path: '/load', message: /is sip firmware.* for sccp/ },
    {
      draft: { sip: { time_format_24hr: 'a"b' } },
      path: '/sip/time_format_24hr',
      message: /quote/,
    },
    { draft: { sip: { image_version: 'x' } }, path: '/sip/image_version', message: /load/ },
    {
      draft: { sccp: { callManagers: ['1.2.3.4', '<x>'] } },
      path: '/sccp/callManagers/1',
      message: /is not a host name or address/,
    },
    {
      draft: { sccp: { callManagers: ['a', 'b', 'c', 'd', 'e', '<f>'] } },
      path: '/sccp/callManagers',
      message: /6 call managers; the limit is 5/,
    },
  ] satisfies { draft: Partial<ProfileDraft>; path: string; message: RegExp }[]
  for (const { draft, path, message } of cases) {
    t.match(problemsOf(draft), [{ path, message }], JSON.stringify(draft))
    t.equal(problemsOf(draft).length, 1)
  }
})
