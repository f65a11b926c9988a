import { Command } from 'commander'
import { checkIdCommand } from './commands/check-id.ts'
import { identifyCommand } from './commands/identify.ts'
import { rulesCommands } from './commands/rules.ts'
import { runCommands } from './commands/run.ts'
import { serveCommand } from './commands/serve.ts'
import { snapshotCommand } from './commands/snapshot.ts'
import { surveyCheckCommand } from './commands/survey-check.ts'
import { surveyErrorsCommand } from './commands/survey-errors.ts'
import { surveyTemplateCommand } from './commands/survey-template.ts'
import { synthCommand } from './commands/synth.ts'

// A reader that has seen enough (`| head`) closes the pipe: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const program = new Command('fupin')
  .description('扶贫：精准扶贫开放平台 · Fupin, an open platform for targeted poverty alleviation')
  .showHelpAfterError()
  .exitOverride((error) => {
    // Commander's own code for a wrong call is 1; ours is 2, because 1 says "done, with findings".
    process.exit(error.exitCode === 0 ? 0 : 2)
  })
rulesCommands(program)
checkIdCommand(program)
identifyCommand(program)
synthCommand(program)
snapshotCommand(program)
runCommands(program)
const survey = program.command('survey').description('调查表 · surveys')
surveyTemplateCommand(survey)
surveyCheckCommand(survey)
surveyErrorsCommand(survey)
serveCommand(program)
await program.parseAsync()
