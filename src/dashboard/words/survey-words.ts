import type { Problem, Survey } from '../data/types.ts'

/** How a survey stands, a sentence; it changes only when the state does. */
export function describeSurvey({ state, total, phones }: Survey): string {
  const told = phones.filter(({ load, protocol }) => load !== null || protocol !== null).length
  const toldWords = `${told} of ${total} addresses are known to run a load or a protocol`
  switch (state) {
    case 'running':
      return 'The survey is running.'
    case 'done':
      return total === 0
        ? 'There was nothing to ask: no phone holds a lease there.'
        : `The survey is finished: ${toldWords}.`
    case 'failed':
      return `The survey ended early because the appliance could not go on: ${toldWords}.`
    default:
      return state satisfies never
  }
}

/** How much of it is done, 0 to 100. */
export function percentOfSurvey({ state, total, done }: Survey): number {
  if (total === 0) return state === 'running' ? 0 : 100
  return Math.floor((100 * done) / total)
}

/** The survey that is running where another one cannot begin; null where the refusal names none. */
export function runningSurveyIn({ status, detail }: Problem): string | null {
  if (status !== 409) return null
  return /^survey ([A-Za-z0-9-]{1,64}) is running\b/.exec(detail)?.[1] ?? null
}

/** Why a survey was not started, for people. */
export function startProblem(problem: Problem): Problem {
  if (problem.status === 409) {
    return {
      ...problem,
      title: 'Another survey is running there',
      detail:
        'One survey at a time runs on a network, so that no phone is asked by two. ' +
        'Wait until it has ended, then start again.',
    }
  }
  if (problem.status !== 422) return problem
  return {
    ...problem,
    title: 'The survey was not started',
    detail:
      'Choose another network, or name addresses with the command: switchhook survey ADDRESS….',
    problems: problem.problems?.map(({ message }) => ({ ...(message && { message }) })) ?? [],
  }
}

/** Why a survey cannot be shown, for people. */
export function readProblem(problem: Problem): Problem {
  if (problem.status !== 404) return problem
  return {
    ...problem,
    title: 'This survey is no longer there',
    detail: 'The last 20 surveys are kept, until the appliance stops. Start another one.',
  }
}
