import type { Command } from 'commander'
import { withApi } from './api-options.ts'
import {
  type EventOptions,
  followEvents,
  printEvents,
  withEventOptions,
  withLimit,
} from './event-lines.ts'

/** `switchhook events`: the event journal, as `log` prints it. */
export function defineEventsCommand(command: Command): void {
  const events = command.addHelpText(
    'after',
    '\nExamples:\n' +
      '  switchhook events list --level warn --since 12h\n' +
      '  switchhook events list --event conversion. --mac 000E84C060A6 --json\n' +
      '  switchhook events follow --network voice\n\n' +
      'docs/events.md lists all events. "switchhook log" does both in one command.',
  )
  withLimit(
    withEventOptions(events.command('list').description('list events, oldest first')),
  ).action((options: EventOptions) =>
    withApi(options, async (api) => {
      await printEvents(api, options)
    }),
  )
  withEventOptions(
    events.command('follow').description('print events as they happen, until Ctrl-C'),
  ).action((options: EventOptions) => withApi(options, (api) => followEvents(api, null, options)))
}
