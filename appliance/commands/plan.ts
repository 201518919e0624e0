import type { Command } from 'commander'
import { type ConversionPlan, planConversion } from '../../src/phones/conversion-plan.ts'
import { family } from '../../src/phones/family/family.ts'
import { ExitCode } from '../exit-codes.ts'

type PlanOptions = {
  readonly model?: string
  readonly from?: string
  readonly to: string
  readonly path: string
  readonly json?: boolean
}

/** `switchhook plan`: the steps from a load to a load, without an appliance or a phone. */
export function definePlanCommand(command: Command): void {
  command
    .requiredOption('--to <load>', 'the target load')
    .option('--from <load>', 'the load that it runs now')
    .option('--model <model>', family.either)
    .option('--path <path>', 'cautious (the stricter upgrade path) or direct', 'cautious')
    .option('--json', 'print the plan as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  switchhook plan --model 7960 --from P0S30203 --to P00308000500\n\n' +
        'A load is named as its files are, without extension. A release as a display shows it ("8.1(2.0)", "7.2")\n' +
        'is answered with the load names that it may mean.\n\n' +
        'Exits with 1 if there is no plan, and says why.',
    )
    .action(runPlan)
}

function runPlan(options: PlanOptions, command: Command): void {
  if (options.path !== 'cautious' && options.path !== 'direct') {
    command.error(`--path ${options.path}: wanted cautious or direct`, { exitCode: ExitCode.usage })
  }
  const plan = planConversion({
    model: options.model ?? null,
    from: options.from ?? null,
    to: options.to,
    path: options.path === 'direct' ? 'direct' : 'cautious',
    available: 'everything',
  })
  // Which firmware is missing is unknown here.
  const shown = plan.kind === 'plan' ? { ...plan, missingFirmware: null } : plan
  if (options.json === true) console.log(JSON.stringify(shown, null, 2))
  else if (plan.kind === 'plan') console.log(describe(plan))
  else console.error(`No plan (${plan.code}): ${inLines(plan.reason)}.\n${plan.remedy}`)
  if (plan.kind === 'refused') process.exitCode = ExitCode.no
}

/** The ways from different loads, one a line. */
function inLines(reason: string): string {
  return reason.replace(/([:;]) (?=from P0)/g, '$1\n  ')
}

function describe({ from, to, path, steps, oneWay }: ConversionPlan): string {
  if (steps.length === 0) return `The phone runs ${to} already.`
  const lines = steps.map(
    ({ load, method, why, source, ...step }, index) =>
      `${index + 1}. ${load}  by ${METHODS[method]}${step.oneWay ? '  (one way)' : ''}\n` +
      `   ${why}\n   Source: ${source}`,
  )
  const warning = oneWay
    ? ['There is no way back below 5.0; the conversion needs acceptOneWay.']
    : []
  return [`From ${from ?? 'an unknown load'} to ${to}, ${path} path:`, ...lines, ...warning].join(
    '\n',
  )
}

const METHODS = {
  os79xx: 'OS79XX.TXT',
  image_version: 'image_version in SIPDefault.cnf',
  xml: 'load information in SEP<MAC>.cnf.xml',
  ual: 'the universal application loader',
} as const
