import t from 'tap'
import { checkFirmwareSet } from '../../src/phones/firmware-set.ts'
import { aLoads, anImage, ascii, aUalSet, signed } from '../support/synthetic-image.ts'

type Files = Map<string, Uint8Array>

const aSipSet = (): Files => aUalSet('P0S3-8-12-00', 'P003-8-12-00')
const aSccpSet = (): Files => aUalSet('P00308000500', 'P00308000500')

/** A set without a loader, of 5.0 or later. */
function aSignedImage(load: string): Files {
  const image = anImage(load, 561_200)
  return new Map([
    [`${load}.bin`, image],
    [`${load}.sbn`, signed(`${load}.sbn`, image)],
  ])
}

function change(files: Files, changes: Readonly<Record<string, Uint8Array | null>>): Files {
  for (const [name, bytes] of Object.entries(changes)) {
    if (bytes === null) files.delete(name)
    else files.set(name, bytes)
  }
  return files
}

/** The octets of one file of a SIP set. */
function sipFile(name: string): Uint8Array {
  return aSipSet().get(name) as Uint8Array
}

t.test('Cisco document 5455: a complete set is taken, whatever its generation', async (t) => {
  const cases = [
    {
      why: 'SIP with loader',
      files: aSipSet(),
      set: { load: 'P0S3-8-12-00', protocol: 'sip', loader: 'P003-8-12-00' },
      names: ['P003-8-12-00.bin', 'P003-8-12-00.sbn', 'P0S3-8-12-00.loads', 'P0S3-8-12-00.sb2'],
    },
    {
      why: 'SCCP: loader and application share their stem',
      files: aSccpSet(),
      set: { load: 'P00308000500', protocol: 'sccp', loader: 'P00308000500' },
      names: ['P00308000500.bin', 'P00308000500.sbn', 'P00308000500.loads', 'P00308000500.sb2'],
    },
    {
      why: 'a signature may bear the name without its extension',
      files: change(aSipSet(), {
        'P0S3-8-12-00.sb2': signed('P0S3-8-12-00', anImage('P0S3-8-12-00.sb2', 756_120)),
      }),
      set: { load: 'P0S3-8-12-00', protocol: 'sip', loader: 'P003-8-12-00' },
      names: ['P003-8-12-00.bin', 'P003-8-12-00.sbn', 'P0S3-8-12-00.loads', 'P0S3-8-12-00.sb2'],
    },
    {
      why: 'SIP 6.3',
      files: aSignedImage('P0S3-06-3-00'),
      set: { load: 'P0S3-06-3-00', protocol: 'sip', loader: null },
      names: ['P0S3-06-3-00.bin', 'P0S3-06-3-00.sbn'],
    },
    {
      why: 'SIP 2.3, whose image carries no name',
      files: new Map([['P0S30203.bin', new Uint8Array(400_000)]]),
      set: { load: 'P0S30203', protocol: 'sip', loader: null },
      names: ['P0S30203.bin'],
    },
  ]
  for (const { why, files, set, names } of cases) {
    const checked = checkFirmwareSet(files)
    t.match(checked, { kind: 'ok', set }, why)
    if (checked.kind === 'refused') continue
    t.same(checked.set.files, names, why)
    for (const name of names) t.equal(checked.set.contents.get(name), files.get(name), name)
  }
})

t.test(
  'an archive with a sub-folder and papers is taken, and what is left out is said',
  async (t) => {
    const inFolder: Files = new Map()
    for (const [name, bytes] of aSipSet()) inFolder.set(`P0S3-8-12-00/${name}`, bytes)
    inFolder.set('P0S3-8-12-00/OS79XX.TXT', ascii('P003-8-12-00 \r\n'))
    inFolder.set('P0S3-8-12-00/readme.txt', ascii('Release notes'))
    inFolder.set('__MACOSX/P0S3-8-12-00/._P0S3-8-12-00.sb2', ascii('Mac OS X'))
    // Some 7.5 sets have the unsigned application as a sixth file.
    inFolder.set('P0S3-8-12-00\\P0S3-8-12-00.bin', anImage('P0S3-8-12-00', 756_120))
    const checked = checkFirmwareSet(inFolder)
    if (checked.kind === 'refused') return void t.fail(JSON.stringify(checked.problems))
    t.same(checked.set.files.length, 4)
    t.equal(
      checked.set.contents.get('P0S3-8-12-00.sb2')?.length,
      756_524,
      'found without its folder',
    )
    t.match(checked.set.ignored, [
      { file: 'P0S3-8-12-00/OS79XX.TXT', why: /names "P003-8-12-00"/ },
      { file: 'P0S3-8-12-00/readme.txt', why: /no firmware/ },
      { file: '__MACOSX/P0S3-8-12-00/._P0S3-8-12-00.sb2', why: /no firmware/ },
      { file: 'P0S3-8-12-00\\P0S3-8-12-00.bin', why: /no phone asks/ },
    ])
  },
)

t.test('a refusal names the file and its fault', async (t) => {
  const loader = 'P003-8-12-00'
  const load = 'P0S3-8-12-00'
  const cases = [
    {
      why: 'a file is missing',
      files: change(aSipSet(), { [`${load}.loads`]: null, [`${loader}.sbn`]: null }),
      problems: [
        { file: `${loader}.sbn`, fault: /is missing/ },
        { file: `${load}.loads`, fault: /is missing/ },
      ],
    },
    {
      why: 'the unsigned loader is missing, which phones below 5.0 need',
      files: change(aSipSet(), { [`${loader}.bin`]: null }),
      problems: [{ file: `${loader}.bin`, fault: /is missing/ }],
    },
    {
      why: 'only the loader is there',
      files: change(aSipSet(), { [`${load}.loads`]: null, [`${load}.sb2`]: null }),
      problems: [{ file: `${load}.sb2`, fault: /P003-8-12-00\.bin is the loader/ }],
    },
    {
      why: 'SIP 5.0 and later need the signed image too',
      files: change(aSignedImage('P0S3-06-3-00'), { 'P0S3-06-3-00.sbn': null }),
      problems: [{ file: 'P0S3-06-3-00.sbn', fault: /is missing/ }],
    },
    {
      why: 'an application of another release under this name',
      files: change(aSipSet(), {
        [`${load}.sb2`]: signed('P0S3-08-11-00.sb2', anImage('P0S3-08-11-00', 756_120)),
      }),
      problems: [{ file: `${load}.sb2`, fault: /signed as P0S3-08-11-00\.sb2 and renamed/ }],
    },
    {
      why: 'an image of another load under this name',
      files: new Map([['P0S30203.bin', anImage('P0S30202', 400_000)]]),
      problems: [{ file: 'P0S30203.bin', fault: /holds the image P0S30202/ }],
    },
    {
      why: 'an unsigned application',
      files: change(aSipSet(), { [`${load}.sb2`]: anImage(load, 756_120) }),
      problems: [{ file: `${load}.sb2`, fault: /no signature header/ }],
    },
    {
      why: 'an unsigned loader in the place of the signed one',
      files: change(aSipSet(), { [`${loader}.sbn`]: anImage(loader, 130_552) }),
      problems: [{ file: `${loader}.sbn`, fault: /no signature header/ }],
    },
    {
      why: 'an application renamed from .sb2 to .bin',
      files: change(aSipSet(), { [`${load}.bin`]: sipFile(`${load}.sb2`) }),
      problems: [{ file: `${load}.bin`, fault: /is P0S3-8-12-00\.sb2 under another name/ }],
    },
    {
      why: 'a damaged signed image renamed to .bin',
      files: change(aSipSet(), { [`${loader}.bin`]: sipFile(`${loader}.sbn`).subarray(0, 9) }),
      problems: [{ file: `${loader}.bin`, fault: /a signed image under another name/ }],
    },
    {
      why: 'an application cut within its header',
      files: change(aSipSet(), { [`${load}.sb2`]: sipFile(`${load}.sb2`).subarray(0, 300) }),
      problems: [{ file: `${load}.sb2`, fault: /ends after 300 bytes/ }],
    },
    {
      why: 'half an application',
      files: change(aSipSet(), { [`${load}.sb2`]: sipFile(`${load}.sb2`).subarray(0, 378_262) }),
      problems: [{ file: `${load}.sb2`, fault: /truncated: it has 378262 bytes/ }],
    },
    {
      why: 'a loader of three megabytes',
      files: change(aSipSet(), { [`${loader}.bin`]: anImage(loader, 3_000_000) }),
      problems: [{ file: `${loader}.bin`, fault: /at most 262144 are plausible/ }],
    },
    {
      why: 'a signed loader cut short',
      files: change(aSipSet(), {
        [`${loader}.sbn`]: sipFile(`${loader}.sbn`).subarray(0, 100_000),
      }),
      problems: [{ file: `${loader}.sbn`, fault: /truncated: it has 100000 bytes of 130956/ }],
    },
    {
      why: 'an unsigned loader cut short',
      files: change(aSipSet(), {
        [`${loader}.bin`]: sipFile(`${loader}.bin`).subarray(0, 100_000),
      }),
      problems: [{ file: `${loader}.bin`, fault: /truncated: it has 100000 bytes of 130552/ }],
    },
    {
      why: 'one octet of the loader is wrong',
      files: change(aSipSet(), { [`${loader}.bin`]: sipFile(`${loader}.bin`).with(90_000, 0) }),
      problems: [{ file: `${loader}.sbn`, fault: /differs .* at byte 90000/ }],
    },
    {
      why: '.loads names the loader of another release',
      files: change(aSipSet(), { [`${load}.loads`]: aLoads(load, 'P003-08-11-00') }),
      problems: [{ file: `${load}.loads`, fault: /names the loader P003-08-11-00/ }],
    },
    {
      why: '.loads names another application',
      files: change(aSipSet(), {
        [`${load}.loads`]: signed(
          `${load}.loads`,
          ascii(`${loader}.sbn\nP0S3-08-11-00.sb2\nLA_VERSION=PAS30830\n`),
        ),
      }),
      problems: [{ file: `${load}.loads`, fault: /names the application P0S3-08-11-00/ }],
    },
    {
      why: '.loads is no text of three lines',
      files: change(aSipSet(), { [`${load}.loads`]: signed(`${load}.loads`, ascii('nonsense')) }),
      problems: [{ file: `${load}.loads`, fault: /first line/ }],
    },
    {
      why: 'the loader of another release lies beside',
      files: change(aSipSet(), { 'P003-07-5-00.bin': anImage('P003-07-5-00', 128_888) }),
      problems: [{ file: 'P003-07-5-00.bin', fault: /loader of another release \(7\.5\)/ }],
    },
    {
      why: 'two sets in one archive',
      files: new Map([...aSipSet(), ...aSccpSet()]),
      problems: [{ file: 'P00308000500.sb2', fault: /another load than P0S3-8-12-00/ }],
    },
    {
      why: 'letter O',
      files: new Map([['POS30203.bin', anImage('P0S30203', 400_000)]]),
      problems: [{ file: 'POS30203.bin', fault: /letter O.*did you mean P0S30203\.bin/ }],
    },
    {
      why: 'an image of a 7941',
      files: new Map([['jar41sccp.8-4-2S.sbn', new Uint8Array(500_000)]]),
      problems: [{ file: 'jar41sccp.8-4-2S.sbn', fault: /7941/ }],
    },
    {
      why: 'MGCP',
      files: new Map([['P0M3-06-1-00.bin', new Uint8Array(500_000)]]),
      problems: [{ file: 'P0M3-06-1-00.bin', fault: /MGCP/ }],
    },
    {
      why: 'names that differ in letter case alone',
      files: change(aSipSet(), { 'p0s3-8-12-00.sb2': sipFile(`${load}.sb2`) }),
      problems: [
        { file: 'p0s3-8-12-00.sb2', fault: /same name as P0S3-8-12-00\.sb2/ },
        { file: 'p0s3-8-12-00.sb2', fault: /lower-case/ },
      ],
    },
    {
      why: 'the same name in two folders',
      files: change(aSipSet(), { [`old/${load}.sb2`]: sipFile(`${load}.sb2`) }),
      problems: [{ file: `old/${load}.sb2`, fault: /same name as P0S3-8-12-00\.sb2/ }],
    },
    {
      why: 'an extension in capitals',
      files: new Map([['P0S30203.BIN', anImage('P0S30203', 400_000)]]),
      problems: [{ file: 'P0S30203.BIN', fault: /extension in capitals/ }],
    },
    {
      why: 'nothing of use',
      files: new Map([['readme.txt', ascii('hello')]]),
      problems: [{ file: '', fault: /no firmware/ }],
    },
    {
      why: 'far too many files',
      files: new Map(Array.from({ length: 300 }, (_, n) => [`${n}.txt`, new Uint8Array(0)])),
      problems: [{ file: '', fault: /300 files/ }],
    },
  ]
  for (const { why, files, problems } of cases) {
    const checked = checkFirmwareSet(files)
    t.match(checked, { kind: 'refused', problems }, why)
    const found = checked.kind === 'refused' ? checked.problems.length : 0
    t.equal(found, problems.length, `${why}: nothing else is reported`)
  }
})
