import type { Press, Printer, ReportEntry } from '@chimera/reporter';
import type { Blobs, Join } from '@chimera/shared/store';
import { putJson } from '@chimera/shared/store';
import type { Process, World } from './world.ts';

/** What a report says of itself in the simulation: which revision of which run, made when and of what. */
export type PaperReport = {
  dataset: string;
  run: string;
  inventory: string;
  revision: number;
  analyses: Join['printed']['analyses'];
  /** who made it, and when: two processes never make the same */
  by: string;
};

export type Paper = {
  report: PaperReport;
  base: string;
  status: 'current' | 'superseded';
  /** what is no page is there as well */
  others: boolean;
  /** what the folder's marker says that it holds; null while it is written */
  entry: ReportEntry | null;
  /** the report.json that lies there */
  printed: ReportEntry | null;
};

/** The folders of printed reports: writing one takes several steps, between which its writer may die. */
export class SimulatedShelf {
  readonly #world: World;
  readonly folders = new Map<string, Paper>();

  constructor(world: World) {
    this.#world = world;
  }

  pressOf(process: Process, blobs: Blobs): Press {
    const world = this.#world;
    const load = async (base: string) => JSON.parse(Buffer.from(await blobs.get(base)).toString('utf8')) as PaperReport;
    const write: Printer['write'] = async ({ supersededBy, ...of }, join) => {
      const report = await load(of.base);
      const name = `${of.folder.slice(0, 16)} as ${of.status}`;
      await world.request(process, `begin to write ${name}`, () => {
        const known = this.folders.get(of.folder);
        // Without its join nothing but the pages can be written: the rest must be there already.
        const others = join !== null || known?.others === true;
        this.folders.set(of.folder, { report, base: of.base, status: of.status, others, entry: null, printed: known?.printed ?? null });
      });
      const entry = { ...of, report: await putJson(blobs, { ...report, status: of.status, supersededBy }) };
      await world.request(process, `end writing ${name}`, () => {
        const known = this.folders.get(of.folder);
        this.folders.set(of.folder, {
          report,
          base: of.base,
          status: of.status,
          others: join !== null || known?.others === true,
          entry,
          printed: entry,
        });
      });
      return entry;
    };
    const printer: Printer = {
      assemble: (join, revision) => {
        const { run } = join;
        const analyses: PaperReport['analyses'] = {};
        for (const [agent, part] of Object.entries(join.parts))
          analyses[agent as keyof typeof analyses] = part.state === 'done' ? part.analysis : null;
        const report: PaperReport = {
          dataset: run.dataset,
          run: run.id,
          inventory: run.inventory,
          revision,
          analyses,
          by: `${process.name} at ${world.now}`,
        };
        return putJson(blobs, report);
      },
      count: async () => undefined,
      write,
      found: () =>
        world.request(process, 'look at the shelf', () =>
          [...this.folders].map(([folder, { entry, printed }]) => ({ folder, entry: entry ?? printed, whole: entry !== null })),
        ),
    };
    return { printer, folderOf: ({ run }) => run };
  }
}
