import { tmpdir } from 'node:os';
import { agentSettings, startAgent } from '@chimera/agent';
import { collector } from '@chimera/collector';
import { insight } from '@chimera/insight';
import { folderPrinter, reporterSettings, startReporter } from '@chimera/reporter';
import { hearProgress, type NatsBus, type ReportNotice, ReportPublished } from '@chimera/shared/bus';
import type { Service } from '@chimera/shared/service';
import type { GivenSide } from './given-side.ts';
import { withOwnHost } from './own-host.ts';
import type { ProgressTeller } from './progress.ts';
import { takeFolder } from './take-folder.ts';
import { toldPrinter } from './told-printer.ts';
import { CommandFailed } from './usage-error.ts';

const STOP_MS = 10_000;

export type HostOptions = {
  /** the folder of artifacts */
  folder: string;
  /** where the report goes */
  out: string;
  /** what to compare with */
  baseline?: GivenSide;
  /** settings that win over the environment */
  environment: Readonly<Record<string, string | undefined>>;
  progress: ProgressTeller;
  signal: AbortSignal;
};

/**
 * Hosts the four services in this process, over a nats-server of its own on a free port with its state in a
 * temporary folder, until the report of the folder is printed. Returns what was published of it. Throws
 * CommandFailed with the reason where no report can be made.
 */
export function analyzeOnce(options: HostOptions): Promise<ReportNotice> {
  const { folder, baseline, environment, progress, signal } = options;
  return withOwnHost({ folder, environment, command: 'analyze', onFault: (line) => progress.note(line) }, async (host) => {
    const { bus, deps, settings } = host;
    const [agents, reporter] = [agentSettings(host.environment), reporterSettings(host.environment)];
    const services: Service[] = [];
    const hold = new AbortController();
    try {
      const published = nextReport(bus);
      const unwritten = Promise.withResolvers<never>();
      const printer = toldPrinter(folderPrinter(deps, null), ({ message }) =>
        unwritten.reject(
          new CommandFailed(
            `The report cannot be written to ${options.out} (${message}): check its space and rights, and those of ${tmpdir()}.`,
          ),
        ),
      );
      const ended = [failedProgress(bus, progress), failed(host.natsEnded), aborted(signal), unwritten.promise];
      // Each of these may end after what it is raced with; none of them is lost, and none is an unhandled rejection.
      for (const one of [published, ...ended]) one.catch(() => undefined);
      services.push(
        ...(await Promise.all([
          startAgent(collector, agents, deps, { findOut: false }),
          startAgent(insight, agents, deps, { findOut: false }),
          startReporter(reporter, deps, { printer, folderOf: () => options.out }),
        ])),
      );
      signal.addEventListener('abort', () => hold.abort(), { once: true });
      const purpose = 'there is nothing to report on';
      const taken = takeFolder({ folder, purpose, settings, deps, signal: hold.signal, ...(baseline ? { baseline } : {}) });
      return await Promise.race([taken.then(() => published), ...ended]);
    } finally {
      hold.abort();
      await Promise.all(services.map((service) => service.stop(signal.aborted ? 0 : STOP_MS)));
    }
  });
}

async function nextReport(bus: NatsBus): Promise<ReportNotice> {
  for await (const message of bus.connection.subscribe(ReportPublished.subjects, { max: 1 }))
    return ReportPublished.schema.parse(message.json());
  throw new CommandFailed('The connection to NATS closed before the report was printed.');
}

/** Passes progress on; ends when a stage says that it failed. */
function failedProgress(bus: NatsBus, teller: ProgressTeller): Promise<never> {
  return new Promise((_, reject) => {
    void hearProgress(bus, (_run, progress) => {
      if (progress.stage === 'failed') reject(new CommandFailed(`${progress.note ?? 'a stage failed'}.`));
      else teller.tell(progress);
    });
  });
}

async function failed(natsEnded: Promise<string>): Promise<never> {
  throw new CommandFailed(`${await natsEnded} before the report was printed.`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new CommandFailed('Stopped before the report was printed.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
