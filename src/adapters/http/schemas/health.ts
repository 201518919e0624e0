import Type from 'typebox'
import { Problem } from './problem.ts'

/** One thing that was looked at. */
export const Check = Type.Object({
  name: Type.String(),
  ok: Type.Boolean(),
  detail: Type.String(),
})

/** Why phones cannot be served. */
export const HealthProblem = Type.Object(
  {
    name: Type.String({ description: 'The check that found it', examples: ['database'] }),
    where: Type.String({
      description: 'The network, interface, address or file that it is about',
      examples: ['eth1'],
    }),
    message: Type.String({ description: 'What is wrong, and what ends it' }),
  },
  { title: 'HealthProblem' },
)

/** All is well. */
export const Ready = Type.Object(
  {
    status: Type.Literal('ready'),
    checks: Type.Array(Check),
    problems: Type.Array(HealthProblem, { maxItems: 0 }),
  },
  { title: 'Ready' },
)

/** A problem document that also has what was looked at. */
export const NotReady = Type.Object(
  {
    ...Problem.properties,
    checks: Type.Array(Check),
    problems: Type.Array(
      Type.Object({ ...HealthProblem.properties, path: Type.String({ description: 'As `name`' }) }),
    ),
  },
  { title: 'NotReady', description: 'Problem detail (RFC 9457)' },
)

/** What the appliance is and does. */
export const Status = Type.Object(
  {
    version: Type.String(),
    ready: Type.Boolean({ description: 'Whether phones can be served, as `/readyz` says' }),
    problems: Type.Array(HealthProblem),
    uptimeSeconds: Type.Integer(),
    phoneSpeed: Type.Number({
      description:
        'How many times faster than real phones are taken to be; 1 but for simulated ones',
    }),
    rehearsal: Type.Boolean({
      description: 'Whether synthetic firmware goes to every network: all phones are simulated',
    }),
    networks: Type.Array(
      Type.Object({
        name: Type.String(),
        served: Type.Boolean(),
        notServedBecause: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
    phones: Type.Integer({ description: 'Enrolled phones' }),
    conversions: Type.Record(Type.String(), Type.Integer(), {
      description: 'Conversions by state, those that have ended included',
      examples: [{ running: 2, confirmed: 40 }],
    }),
  },
  { title: 'Status' },
)
