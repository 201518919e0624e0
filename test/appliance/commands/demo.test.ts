import t from 'tap'
import { logLevelOf } from '../../../appliance/commands/serve-options.ts'
import { buildProgram } from '../../../appliance/program.ts'

t.test(
  'the demonstration logs warnings, or what is asked for, before or after its name',
  async (t) => {
    const levelOf = (...args: readonly string[]) => {
      const program = buildProgram()
      program.parseOptions([...args])
      return logLevelOf(program)
    }
    t.equal(levelOf('demo'), 'warn')
    t.equal(levelOf('demo', '--log-level', 'debug'), 'debug')
    t.equal(levelOf('--log-level', 'info'), 'info', 'the default of serve, asked for')
  },
)
