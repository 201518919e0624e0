import type { Conversion, ConversionStep, Plan } from '../data/types.ts'
import { percentOfStep, SYNTHETIC_NOTE, stageWords } from '../words/format.ts'
import { ProgressBar } from './progress-bar.tsx'

type PlannedStep = Plan['steps'][number]

/** A plan as a row of boxes, from the load a phone has to the load it gets. */
export function PlanSteps(props: {
  readonly from: string | null
  readonly steps: readonly (PlannedStep | ConversionStep)[]
  /** Index of the step under way; null for a plan that is only shown. */
  readonly current: number | null
  /** Who restarts the phone; not said of a plan that is not started. */
  readonly restart?: Conversion['restart']
}) {
  return (
    <ol class="plan" aria-label="Steps of the plan">
      <li class="box start">
        <p class="box-name">{props.from ?? 'not known yet'}</p>
        <p class="hint">where the phone starts</p>
      </li>
      {props.steps.map((step, index) => (
        // A plan never visits a load twice by the same method.
        <StepBox
          key={`${step.load} ${step.method}`}
          step={step}
          isCurrent={index === props.current}
          restart={props.restart}
        />
      ))}
    </ol>
  )
}

/** How a step is told to the phone, for people. */
const METHOD_WORDS: Readonly<Record<string, string>> = {
  os79xx: 'named in OS79XX.TXT',
  image_version: 'named by image_version in SIPDefault.cnf',
  xml: 'named in XMLDefault.cnf.xml',
  ual: 'by the universal application loader',
}

function StepBox(props: {
  readonly step: PlannedStep | ConversionStep
  readonly isCurrent: boolean
  readonly restart: Conversion['restart'] | undefined
}) {
  const { step, isCurrent, restart } = props
  const stage = 'stage' in step ? step.stage : null
  const classes = ['box', stage ?? '', isCurrent ? 'current' : ''].filter(Boolean).join(' ')
  return (
    <li class={classes} aria-current={isCurrent ? 'step' : undefined}>
      <p class="box-name">{step.load}</p>
      <p class="hint">
        {METHOD_WORDS[step.method] ?? step.method}
        {step.oneWay ? <strong class="warn"> · one-way</strong> : null}
      </p>
      {'stage' in step ? <StepStage step={step} restart={restart} /> : null}
      {'synthetic' in step && step.synthetic ? <p class="hint">{SYNTHETIC_NOTE}</p> : null}
      <p>{step.why}</p>
      <p class="hint">{step.source}</p>
    </li>
  )
}

function StepStage(props: {
  readonly step: ConversionStep
  readonly restart: Conversion['restart'] | undefined
}) {
  const { step, restart } = props
  return (
    <>
      <p class="stage">{stageWords(step, restart)}</p>
      {step.progress === null && step.stage !== 'confirmed' ? null : (
        <ProgressBar percent={percentOfStep(step)} label={`${step.load}: image fetched`} />
      )}
    </>
  )
}
