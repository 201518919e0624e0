import type { RequestedFile } from '../../requested-file.ts'
import type { RequestPattern } from '../phone-family.ts'

/** The first row that fits decides. Patterns of other models stand before the tolerant ones. */
export const REQUEST_PATTERNS: readonly RequestPattern[] = [
  { pattern: /^OS79XX\.TXT$/i, read: () => ({ kind: 'os79xx' }) },
  // These ask with the MAC in lower case, where a 7940 or 7960 writes capitals; a MAC of digits
  // alone stays undecided and is taken for ours.
  {
    pattern: /^SEP(?=[0-9]*[a-f])[0-9a-f]{12}\.cnf\.xml$/,
    read: () => other('7902, 7905 or 7912', 'asks for its file with the MAC in lower case'),
  },
  { pattern: /^CTLSEP([0-9A-F]{12})\.tlv$/i, read: (mac) => withMac('ctlsep', mac) },
  { pattern: /^SEP([0-9A-F]{12})\.cnf\.xml$/i, read: (mac) => withMac('sep-xml', mac) },
  { pattern: /^SEP([0-9A-F]{12})\.cnf$/i, read: (mac) => withMac('sep-cnf', mac) },
  { pattern: /^SIP([0-9A-F]{12})\.cnf$/i, read: (mac) => withMac('sip-phone', mac) },
  { pattern: /^MGC([0-9A-F]{12})\.cnf$/i, read: (mac) => withMac('mgc-phone', mac) },
  { pattern: /^SIPDefault\.cnf$/i, read: () => ({ kind: 'sip-default' }) },
  { pattern: /^XMLDefault\.cnf\.xml$/i, read: () => ({ kind: 'xml-default' }) },
  // An MGCP load reads it, `image_version` included.
  { pattern: /^MGCDefault\.cnf$/i, read: () => ({ kind: 'mgc-default' }) },
  { pattern: /^SEPDefault\.cnf$/i, read: () => ({ kind: 'sep-default' }) },
  {
    pattern: /^(P0[0SM]3[^/]{0,60})\.loads$/i,
    read: (load) => ({ kind: 'loads', load: load.toUpperCase() }),
  },
  { pattern: /^(P0[0SM]3[^/]{0,60})\.(bin|sbn|sb2)$/i, read: readImage },
  { pattern: /^RINGLIST\.DAT$/i, read: () => ({ kind: 'ringlist-dat' }) },
  { pattern: /^(?:DISTINCTIVE)?RINGLIST\.XML$/i, read: () => ({ kind: 'ringlist-xml' }) },
  { pattern: /^dialplan\.xml$/i, read: () => ({ kind: 'dialplan' }) },
  {
    // Without a locale the phone asks for `/7960-font.xml` (field traces of four starts).
    pattern: /^(?:[^/]{1,64}\/)?(?:7960-(?:font|dictionary|kate|tones)|SCCP-dictionary)\.xml$/i,
    read: () => ({ kind: 'locale' }),
  },
  { pattern: /^syncinfo\.xml$/i, read: () => ({ kind: 'syncinfo' }) },
  {
    // Signed or encrypted configuration (security guide of Cisco Unified Communications Manager).
    pattern: /^SEP[0-9A-F]{12}\.cnf\.xml(?:\.enc)?\.sgn$/i,
    read: () => other(JAVA_PHONE, 'asks for a signed configuration file'),
  },
  {
    pattern: /^cp(79(?!40|60)\d\d)\w{0,40}\.s?bin$/i,
    read: (model) => other(model, 'loads firmware of its own model'),
  },
  {
    pattern: /^cmterm[_-](79(?!40|60)\d\d)\b[^/]*\.bin$/i,
    read: (model) => other(model, 'loads firmware of its own model'),
  },
  {
    pattern: /^(?:kern|rootfs|sboot|kernel)(78|88|89|99)xx[^/]*\.(?:loads|sbn|sgn)$/i,
    read: (series) => other(`${series}xx`, 'loads firmware of its own model'),
  },
  {
    pattern: /^ITL(?:SEP[0-9A-F]{12}|File)\.tlv$/i,
    read: () => other(JAVA_PHONE, 'asks for an identity trust list (ITL)'),
  },
  {
    pattern: /^(?:[^/]{1,64}\/)?[a-z0-9]{2,4}-(?:sip|sccp)\.jar$/i,
    read: () => other(JAVA_PHONE, 'asks for a Java archive'),
  },
  {
    pattern: /^(?:[^/]{1,64}\/)?g[34]-tones\.xml$/i,
    read: () => other(JAVA_PHONE, 'asks for the tones of a later generation'),
  },
  {
    pattern:
      /^[^/]{1,64}\/(79(?!40|60)\d\d|88\d\d|89\d\d|99\d\d)-(?:dictionary|kate|font|tones)\b/i,
    read: (model) => other(model, 'asks for words and fonts of its own model'),
  },
  {
    pattern: /^(?:sip|sccp)((?:69|78|88|89|99)\w\w)[^/]*\.(?:loads|sbn|sgn)$/i,
    read: (model) => other(model, 'loads firmware of its own model'),
  },
  {
    pattern: /^ATA[0-9A-F]{12}(?:\.cnf\.xml)?$/i,
    read: () => other('ATA', 'asks for ATA… with its MAC'),
  },
  {
    pattern: /^term(\d\d)\.default\.loads$/i,
    read: (digits) => other(`79${digits}`, 'boots from term….default.loads'),
  },
  {
    pattern: /^(?:jar|cnu|apps|dsp|cvm|sccp|sip)(\d\d)[^/]*\.(?:sbn|loads)$/i,
    read: (digits) => other(`79${digits}`, 'loads the parts of a Java phone'),
  },
  {
    pattern: /^(?:ld|gk)[0-9a-f]{12}$/i,
    read: () => other('7905, 7912 or ATA', 'asks for ld… or gk… with its MAC'),
  },
  {
    pattern: /^gkdefault\.(?:cfg|txt)$/i,
    read: () => other('7905, 7912 or ATA', 'asks for its default gk file'),
  },
  {
    pattern: /^SEDDefault\.cnf$/i,
    read: () => other('7902, 7905 or 7912', 'asks for SEDDefault.cnf'),
  },
  {
    pattern: /^WLAN(?:[0-9A-F]{12}|Default)\.xml$/i,
    read: () => other('7920 or 7921', 'asks for a wireless profile'),
  },
  {
    pattern: /^P004[^/]*\.(?:bin|sbn|sb2|loads)$/i,
    read: () => other('7910', 'loads an image named P004…'),
  },
  {
    pattern: /^P005[^/]*\.(?:bin|sbn|sb2|loads)$/i,
    read: () => other('7935', 'loads an image named P005…'),
  },
]

/** Phones of the generations after the 7940 and 7960: 7906, 7911, 7931, 7941 to 7975 and later ones. */
const JAVA_PHONE = '7941, 7961 or later (a Java phone)'

type KindWithMac = 'ctlsep' | 'sep-xml' | 'sep-cnf' | 'sip-phone' | 'mgc-phone'

function withMac(kind: KindWithMac, mac: string): RequestedFile {
  return { kind, mac: mac.toUpperCase() }
}

function readImage(stem: string, extension: string): RequestedFile {
  return {
    kind: 'image',
    stem: stem.toUpperCase(),
    extension: extension.toLowerCase() as 'bin' | 'sbn' | 'sb2',
  }
}

function other(model: string, why: string): RequestedFile {
  return { kind: 'other-model', model, why }
}
