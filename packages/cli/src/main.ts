#!/usr/bin/env node
import { ConfigurationError, VERSION } from '@chimera/shared/service';
import { Command, CommanderError } from 'commander';
import { CommandFailed, EXIT, UsageError } from './usage-error.ts';

/** Each command is loaded when it is called: `analyze` should not wait for the others. */
const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  analyze: { summary: 'one report over a folder of artifacts', load: async () => (await import('./commands/analyze.ts')).analyzeCommand() },
  up: { summary: 'all four services and NATS; watches the bucket', load: async () => (await import('./commands/up.ts')).upCommand() },
  work: { summary: 'one service, for another host', load: async () => (await import('./commands/work.ts')).workCommand() },
  inspect: {
    summary: 'what format a file is, what was read from it, and from where',
    load: async () => (await import('./commands/inspect.ts')).inspectCommand(),
  },
  compare: {
    summary: 'how one dataset or report differs from another',
    load: async () => (await import('./commands/compare.ts')).compareCommand(),
  },
  history: {
    summary: 'what changed when in a dataset, and which inventory brought it',
    load: async () => (await import('./commands/history.ts')).historyCommand(),
  },
  verify: {
    summary: 'whether the numbers of any report are those of the artifacts',
    load: async () => (await import('./commands/verify.ts')).verifyCommand(),
  },
  campaign: {
    summary: 'runs a matrix of profiles, honestly timed',
    load: async () => (await import('./commands/campaign.ts')).campaignCommand(),
  },
  doctor: {
    summary: 'what is installed, reachable, misconfigured',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  dead: {
    summary: 'the messages that were given up, and their retry',
    load: async () => (await import('./commands/dead.ts')).deadCommand(),
  },
  nats: {
    summary: 'a user of NATS for each service and worker, and what each may do',
    load: async () => (await import('./commands/nats.ts')).natsCommand(),
  },
  gc: { summary: 'removes what is old: reports, blobs, dead letters', load: async () => (await import('./commands/gc.ts')).gcCommand() },
  'replay-ollama': {
    summary: 'an Ollama server without a model, for tests and demonstrations',
    load: async () => (await import('./commands/replay-ollama.ts')).replayOllamaCommand(),
  },
};

async function main(arguments_: string[]): Promise<number> {
  const program = new Command('chimera')
    .description('Benchmark artifacts in, a report you can trust out.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError(false);
  const wanted = COMMANDS[arguments_.find((a) => !a.startsWith('-')) ?? ''];
  for (const entry of Object.values(COMMANDS)) {
    if (wanted !== undefined && entry !== wanted) continue;
    program.addCommand((await entry.load()).summary(entry.summary).exitOverride());
  }
  try {
    await program.parseAsync(arguments_, { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    if (error instanceof CommanderError)
      return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code) ? EXIT.done : EXIT.usage;
    if (error instanceof UsageError || error instanceof ConfigurationError) return say(error.message, EXIT.usage);
    if (error instanceof CommandFailed) return say(error.message, EXIT.failed);
    return say(error instanceof Error ? (error.stack ?? error.message) : String(error), EXIT.failed);
  }
}

function say(message: string, code: number): number {
  process.stderr.write(`chimera: ${message}\n`);
  return code;
}

// Whoever reads may have seen enough, as `| head` has: the verdict stands all the same. Other faults of the stream are thrown as ever.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2));
