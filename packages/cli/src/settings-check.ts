import { agentSettings } from '@chimera/agent';
import { ingestSettings } from '@chimera/ingest';
import { reporterSettings } from '@chimera/reporter';
import { ConfigurationError } from '@chimera/shared/service';

type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the settings of all four services. Throws one ConfigurationError that lists every fault of any of them once. */
export function checkAllSettings(environment: Environment): void {
  const messages = [ingestSettings, agentSettings, reporterSettings].flatMap((parse) => {
    try {
      parse(environment);
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return [error.message];
      throw error;
    }
  });
  if (messages.length === 0) return;
  const faults = [...new Set(messages.flatMap((message) => message.split('\n').filter((line) => line.startsWith('  '))))];
  // A fault that is no list (an unreadable profile, say) is its own message.
  if (faults.length === 0) throw new ConfigurationError([...new Set(messages)].join('\n'));
  throw new ConfigurationError(
    `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.join('\n')}\nSee docs/configuration.md for what each variable takes.`,
  );
}
