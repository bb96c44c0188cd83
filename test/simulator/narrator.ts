import type { NarrateInput } from '@chimera/agent';
import type { Analysis } from '@chimera/shared/domain';
import type { Process, World } from './world.ts';

/** Says next to nothing, in some time: what an analysis says is no matter of schedules. Each one differs from every other. */
export function simulatedNarrator(world: World, process: Process): (input: NarrateInput) => Promise<Analysis> {
  return async ({ definition, run, profile }) => {
    const { clock } = { clock: world.clockOf(process) };
    const startedAt = new Date(clock.now()).toISOString();
    await clock.sleep(world.chance.of(0.1) ? world.chance.between(10_000, 50_000) : world.chance.between(50, 3_000));
    return {
      schema: 'chimera.analysis/v1',
      run: run.id,
      inventory: run.inventory,
      agent: definition.name,
      title: definition.title,
      persona: `${process.name} at ${world.now}`,
      profile,
      narrator: { kind: 'template', model: null, digest: null, server: null, serverVersion: null, reason: null },
      sections: [],
      account: { written: 0, kept: 0, repaired: 0, withheld: [] },
      found: [],
      warnings: [],
      calls: [],
      startedAt,
      finishedAt: new Date(clock.now()).toISOString(),
    };
  };
}
