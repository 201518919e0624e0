import t from 'tap'
import {
  findLineProblems,
  findSettingProblems,
} from '../../../src/phones/config-files/setting-problems.ts'

t.test('what the phone accepts passes', async (t) => {
  const settings = {
    proxy1_address: 'USECALLMANAGER',
    proxy1_port: '5060',
    preferred_codec: 'g729a',
    dtmf_db_level: '3',
    timer_register_expires: '3600',
    start_media_port: '16384',
    dst_stop_week_of_month: '8',
    phone_prompt: 'SIP Phone',
    nat_enable: '0',
    nat_address: '',
    enable_vad: '',
    line2_name: '1202',
  }
  t.same(findSettingProblems(settings, 2), [])
})

t.test('what it does not accept is refused by name, with what is wanted', async (t) => {
  const cases = [
    {
      name: 'prefered_codec',
      value: 'g711ulaw',
      message: /no par.*; did you mean preferred_codec\?$/,
    },
    { name: 'proxy_address', value: '10.0.0.1', message: /; did you mean proxy1_address\?$/ },
    { name: 'colour', value: 'red', message: /^is no parameter of a 79\S+ or 79\S+$/ },
    { name: 'image_version', value: 'P0S3-8-12-00', message: /decided by the load/ },
    { name: 'line3_name', value: '1203', message: /line 3, and the phone has 2/ },
    { name: 'proxy6_address', value: '10.0.0.1', message: /line 6/ },
    { name: 'enable_vad', value: 'yes', message: /is yes; 0 or 1/ },
    { name: 'preferred_codec', value: 'g729', message: /g711ulaw, g711alaw, g729a, none/ },
    { name: 'dtmf_db_level', value: '6', message: /1 to 5/ },
    { name: 'dtmf_avt_payload', value: '95', message: /96 to 127/ },
    { name: 'telnet_level', value: '-1', message: /0 to 2/ },
    { name: 'timer_register_expires', value: '3932101', message: /1 to 3932100/ },
    { name: 'end_media_port', value: '32767', message: /16384 to 32766/ },
    { name: 'proxy1_port', value: '1e3', message: /1 to 65535/ },
    { name: 'proxy1_port', value: '9'.repeat(40), message: /is 9{32}…;/ },
    { name: 'phone_label', value: 'twelve chars', message: /12 characters; the phone takes 11/ },
    { name: 'phone_prompt', value: 'x'.repeat(16), message: /takes 15/ },
    { name: 'phone_password', value: 'x'.repeat(32), message: /takes 31/ },
    { name: 'sync', value: 'x'.repeat(33), message: /takes 32/ },
    { name: 'phone_label', value: 'a"b', message: /quote/ },
    { name: 'phone_label', value: 'a\nb', message: /line break/ },
    { name: 'phone_label', value: 'a\rb', message: /line break/ },
    { name: 'phone_label', value: 'a\0b', message: /control/ },
    { name: 'phone_label', value: 'Ģ', message: /^U\+0122 "Ģ" cannot be shown/ },
    { name: 'enable_vad', value: '１', message: /^U\+FF11/ },
  ]
  for (const { name, value, message } of cases) {
    t.match(
      findSettingProblems({ [name]: value }, 2),
      [{ path: name, message }],
      `${name} ${value}`,
    )
  }
})

t.test('every problem is reported, and no secret with it', async (t) => {
  const secret = 'x'.repeat(40)
  const problems = findSettingProblems({ nonsense: '1', phone_password: secret }, 6)
  t.same(
    problems.map(({ path }) => path),
    ['nonsense', 'phone_password'],
  )
  t.notMatch(JSON.stringify(problems), secret)
})

t.test('lines are as many as the model has, and cannot break out', async (t) => {
  t.same(findLineProblems([{ name: '1', password: 'pass word' }, { name: '2' }], 2), [])
  const problems = findLineProblems(
    [{ name: '', password: 'a"b' }, { name: 'x\ny', displayName: 'x'.repeat(129) }, { name: '"' }],
    2,
  )
  t.match(problems, [
    { path: 'lines', message: '3 lines, and the phone has 2' },
    { path: 'lines.0.password', message: /quote/ },
    { path: 'lines.0.name', message: /empty/ },
    { path: 'lines.1.name', message: /line break/ },
    { path: 'lines.1.displayName', message: /129 characters/ },
  ])
})
