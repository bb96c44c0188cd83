import { Argument, Command } from 'commander';
import { SERVICES, type ServiceName } from '../services.ts';

type WorkOptions = { nats?: string; ollama?: string[]; bucket?: string; model?: string };

/** `chimera work SERVICE`: runs one service in this process, for another host. */
export function workCommand(): Command {
  return new Command('work')
    .description('Runs one service, for another host; its other settings come from the environment.')
    .addArgument(new Argument('<service>').choices(Object.keys(SERVICES)))
    .option('--nats <url>', 'the NATS server to work with (default: CHIMERA_NATS_URL, else nats://127.0.0.1:4222)')
    .option('--ollama <url...>', 'the Ollama servers to call')
    .option('--bucket <dir>', 'the bucket to watch, a folder or s3://bucket/prefix (ingest)')
    .option('--model <name>', 'the model that writes, or "none"')
    .action(async (service: ServiceName, options: WorkOptions) => {
      const set = (name: string, value: string | undefined) => {
        if (value !== undefined) process.env[name] = value;
      };
      set('CHIMERA_NATS_URL', options.nats);
      set('CHIMERA_OLLAMA_URLS', options.ollama?.join(','));
      set('CHIMERA_BUCKET', options.bucket);
      set('CHIMERA_MODEL', options.model);
      await import(SERVICES[service].main);
    });
}
