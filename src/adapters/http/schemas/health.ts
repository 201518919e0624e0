import Type from 'typebox'
import { PHONE_MODELS } from '../../../phones/family/family.ts'
import { Problem } from './problem.ts'
import { MacOut, OneOf, Time } from './values.ts'

/** One thing that was looked at. */
const Check = Type.Object({
  name: Type.String(),
  ok: Type.Boolean(),
  detail: Type.String(),
})

/** Why phones cannot be served. */
const HealthProblem = Type.Object(
  {
    name: Type.String({ description: 'The check that found the problem', examples: ['database'] }),
    where: Type.String({
      description: 'The network, interface, address or file concerned',
      examples: ['eth1'],
    }),
    message: Type.String({ description: 'What is wrong, and how to fix it' }),
  },
  { title: 'HealthProblem' },
)

/** All is well. */
export const Ready = Type.Object(
  {
    status: Type.Literal('ready'),
    checks: Type.Array(Check),
    problems: Type.Array(HealthProblem, { maxItems: 0 }),
    warnings: Type.Array(Type.String(), {
      description: 'What does not keep phones from being served, and should be known',
    }),
    ownership: Type.Optional(
      OneOf(['owner', 'standby'], 'Whether it serves a network with shared leases, or waits to'),
    ),
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

/** Something that an operator should see to. */
const Attention = Type.Object(
  {
    mac: MacOut,
    network: Type.String(),
    at: Time,
    event: Type.String({ examples: ['enrol.conversion.refused'] }),
    message: Type.String({ description: 'What is wrong and what to do, in words' }),
  },
  { title: 'Attention' },
)

/** What the appliance is and does. */
export const Status = Type.Object(
  {
    version: Type.String(),
    ready: Type.Boolean({ description: 'Whether phones can be served, as `/readyz` says' }),
    problems: Type.Array(HealthProblem),
    uptimeSeconds: Type.Integer(),
    models: Type.Array(Type.String(), {
      description: 'The phone models that this version converts, in the order of their numbers',
      examples: [[...PHONE_MODELS]],
    }),
    phoneSpeed: Type.Number({
      description:
        'The factor by which phones run faster than real ones; 1 except for simulated phones',
    }),
    rehearsal: Type.Boolean({
      description: 'Whether every network may serve synthetic firmware: all phones are simulated',
    }),
    networks: Type.Array(
      Type.Object({
        name: Type.String(),
        served: Type.Boolean(),
        notServedBecause: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
    attention: Type.Array(Attention, {
      description:
        'What automatic enrolment could not do and an operator should see to, the newest first; ' +
        'it does not make the appliance unready',
    }),
    phones: Type.Integer({ description: 'Enrolled phones' }),
    conversions: Type.Record(Type.String(), Type.Integer(), {
      description: 'Conversions by state, including those that have ended',
      examples: [{ running: 2, confirmed: 40 }],
    }),
  },
  { title: 'Status' },
)
