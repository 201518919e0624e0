import type { Command } from 'commander'
import { withApi } from './api-options.ts'
import {
  type EventOptions,
  followEvents,
  printEvents,
  withEventOptions,
  withLimit,
} from './event-lines.ts'

type LogOptions = EventOptions & { readonly follow?: boolean }

/** `switchhook log`: what happened. */
export function defineLogCommand(command: Command): void {
  withLimit(withEventOptions(command))
    .option('--follow', 'keep printing new events until Ctrl-C')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  switchhook log --mac 000E84C060A6\n' +
        '  switchhook log --level warn --since 12h\n' +
        '  switchhook log --follow --event conversion. --json | jq .fields',
    )
    .action((options: LogOptions) =>
      withApi(options, async (api) => {
        const next = await printEvents(api, options)
        if (options.follow === true) await followEvents(api, next, options)
      }),
    )
}
