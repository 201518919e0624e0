import t from 'tap'
import { phoneFromDraft } from '../../src/inventory/phone-draft.ts'
import { profileFromDraft } from '../../src/inventory/profile-rules.ts'
import { findUnreadableTexts } from '../../src/inventory/stored-text.ts'
import { macOf } from '../support/an-inventory.ts'

const aPhone = (draft: Omit<Parameters<typeof phoneFromDraft>[0], 'mac'>) =>
  phoneFromDraft({ mac: macOf('000E84C060A6'), ...draft }, undefined)

t.test('text of an earlier version is told of, each by its place', async (t) => {
  const phone = aPhone({
    label: 'Ģirts',
    lines: [{ name: '1201', displayName: 'x\u010aimage_version: EVIL' }, { name: 'a"b' }],
    settings: { phone_prompt: '€' },
  })
  const profile = profileFromDraft(
    { name: 'to-sip', protocol: 'sip', load: 'P0S3-8-12-00', sip: { sntp_server: '密' } },
    undefined,
  )
  const found = findUnreadableTexts([phone], [profile])
  t.match(found, [
    {
      entry: 'phone 000E84C060A6',
      problems: [
        { path: '/label', message: /^U\+0122 "Ģ"/ },
        { path: '/lines/0/displayName', message: /^U\+010A "Ċ"/ },
        { path: '/lines/1/name', message: /quote/ },
        { path: '/settings/phone_prompt', message: /^U\+20AC/ },
      ],
    },
    { entry: 'profile to-sip', problems: [{ path: '/sip/sntp_server', message: /^U\+5BC6/ }] },
  ])
})

t.test('the characters of a secret are not shown', async (t) => {
  const phone = aPhone({
    lines: [{ name: '1', password: 'geh€im' }],
    settings: { phone_password: 'geh€im' },
  })
  const message = 'has a character that the phone cannot show'
  t.same(findUnreadableTexts([phone], [])[0]?.problems, [
    { path: '/lines/0/password', message },
    { path: '/settings/phone_password', message },
  ])
})

t.test('what phones can read is nothing to tell of', async (t) => {
  const phone = aPhone({ label: 'Büro "12"', lines: [{ name: '1201', displayName: 'Müller' }] })
  t.same(findUnreadableTexts([phone], []), [])
})
