import t from 'tap'
import { beginBoot } from '../../../../src/conversion/boot-state.ts'
import { wordsElsewhere } from '../../../../src/tools/explain/observation/words-elsewhere.ts'

const boot = beginBoot(0, 'ual')
const words = (code: string) =>
  wordsElsewhere(
    { code, seen: 'seen', cause: 'cause', remedy: 'remedy', source: 'source' },
    { load: 'P0S3-8-12-00', boot },
  )

t.test('what fits any server stays as it is', async (t) => {
  t.same(words('other-model').remedy, 'remedy')
})

t.test('no remedy names an API that is not there', async (t) => {
  const codes = [
    'image-absent',
    'image-refused',
    'transfer-broken',
    'transfer-silent',
    'trigger-ignored',
    'firmware-incomplete',
    'misspelt-image',
    'replies-unheard',
    'buffer-full',
    'configuration-cut',
    'configuration-unusable',
    'not-confirmed',
  ]
  for (const code of codes) {
    t.notMatch(Object.values(words(code)).join(' '), /\/v1|"from"|conversion started/, code)
    t.not(words(code).remedy, 'remedy', code)
  }
  t.match(words('image-absent').seen, 'asked for an image of P0S3-8-12-00')
})
