import t from 'tap'

type Counts = { readonly passed: number; readonly failed: number; readonly leftOut: string[] }
const { countTests, failuresIn } = (await import('../runner/count-tests.mjs' as string)) as {
  countTests: (output: string) => Counts
  failuresIn: (output: string) => string[]
}

t.test('counts tests, and files that failed without one', async (t) => {
  const cases = [
    { why: 'nothing', output: 'TAP version 14\n1..0\n', passed: 0, failed: 0 },
    {
      why: 'tests before their file',
      output: [
        '# Subtest: test/a.test.ts',
        '    # Subtest: one',
        '        ok 1 - an assertion',
        '        not ok 2 - another',
        '    not ok 1 - one # time=3ms',
        '    ok 2 - two # time=3ms',
        'not ok 1 - test/a.test.ts # time=9ms',
      ],
      passed: 1,
      failed: 1,
    },
    {
      why: 'tests behind their file, in braces',
      output: [
        'ok 1 - test/a.test.ts # time=9ms {',
        '    ok 1 - one # time=3ms {',
        '        ok 1 - an assertion',
        '    }',
        '}',
        'not ok 2 - test/b.test.ts # time=9ms {',
        '    not ok 1 - two',
        '}',
      ],
      passed: 1,
      failed: 1,
    },
    {
      why: 'a file that crashed in braces, and one without',
      output: [
        'not ok 1 - test/a.test.ts {',
        '    ok 1 - one',
        '}',
        '# Subtest: test/b.test.ts',
        '    ok 1 - two',
        'not ok 2 - test/b.test.ts',
        'not ok 3 - test/c.test.ts',
      ],
      passed: 2,
      failed: 3,
    },
    {
      why: 'what was left out is neither',
      output: [
        '    ok 1 - one # SKIP no root',
        '    not ok 2 - two # TODO',
        'ok 1 - test/a.test.ts',
      ],
      passed: 0,
      failed: 0,
    },
  ]
  for (const { why, output, passed, failed } of cases) {
    t.match(countTests([output].flat().join('\n')), { passed, failed }, why)
  }
})

t.test('what a file left out is told once', async (t) => {
  const output = ['# left out: phones (no root)', '    # left out: phones (no root)', '# other']
  t.same(countTests(output.join('\n')).leftOut, ['phones (no root)'])
})

t.test('what failed is told with its diagnosis, what passed is not', async (t) => {
  const output = [
    '# Subtest: test/a.test.ts',
    '    # Subtest: one',
    '        ok 1 - an assertion',
    '        not ok 2 - another',
    '          ---',
    '          diff: x',
    '          ...',
    '',
    '        ok 3 - a third',
    '          ---',
    '          note: y',
    '          ...',
    '    not ok 1 - one',
    'not ok 1 - test/a.test.ts',
    'ok 2 - test/b.test.ts',
  ]
  t.same(failuresIn(output.join('\n')), [
    '        not ok 2 - another',
    '          ---',
    '          diff: x',
    '          ...',
    '    not ok 1 - one',
    'not ok 1 - test/a.test.ts',
  ])
  t.equal(failuresIn('not ok 1 - x\n'.repeat(1000)).length, 400)
})
