import { type BusOptions, connectBus, type NatsBus } from '@chimera/shared/bus';
import { CommandFailed } from './usage-error.ts';

/** Connects to NATS; what goes wrong is a sentence for the person at the command line, not a stack. */
export async function connectOrFail(options: BusOptions): Promise<NatsBus> {
  try {
    return await connectBus(options);
  } catch (error) {
    throw new CommandFailed(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
