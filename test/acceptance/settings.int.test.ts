import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReplayServer } from '@chimera/ollama';
import { Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-settings-'));
const folder = layFiles(SMALL);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

describe('the settings of a profile', () => {
  it('stand in the report as asked for and as found, with a warning where one had no effect, in every spelling', async () => {
    const replay = await startReplayServer({ behaviour: { kind: 'well-behaved' }, models: ['tiny:1b'] });
    try {
      const profile = join(work, 'profile.json');
      const agents = {
        collector: { model: 'tiny:1b', options: { num_ctx: 8_192, temperature: 0, seed: 1 } },
        insight: { model: 'tiny:1b', options: { num_ctx: 16_384, num_gpu: 9_999 } },
      };
      writeFileSync(profile, JSON.stringify({ name: 'mine', agents }));
      const out = join(work, 'out');
      expect(await chimera(['analyze', folder, '--out', out, '--profile', profile, '--ollama', replay.url])).toMatchObject({ code: 0 });
      const read = (name: string) => readFileSync(join(out, name), 'utf8');
      const { record } = Report.parse(JSON.parse(read('report.json')));
      const { collector, insight } = record.agents;
      expect(collector?.found).toMatchObject([{ server: replay.url, replay: true, context: 8_192 }]);
      expect(insight?.found).toMatchObject([{ server: replay.url, replay: true, context: 16_384 }]);
      const layers = insight?.found[0]?.layers;
      const warnings = [...(collector?.warnings ?? []), ...(insight?.warnings ?? [])];
      expect(warnings).toContain('temperature 0 always takes the likeliest token: seed has no effect.');
      expect(warnings).toContain(
        `num_gpu 9999 goes beyond the ${layers} layers of the model: any value from ${layers} on has the same effect.`,
      );
      const reload =
        'collector and insight ask for one model with different num_ctx (8192 and 16384): a server that serves both loads it again at each switch.';
      expect(warnings).toContain(reload);
      const markdown = read('report.md').replace(/\\/g, '');
      expect(markdown).toContain('## Model Configuration');
      for (const warning of warnings) {
        expect(markdown.split(warning)).toHaveLength(2);
        expect(read('report.html')).toContain(warning);
      }
      expect(markdown).toContain('| DataCollector-9000 | `tiny:1b` | default | 8192 | 0 |');
      expect(markdown).toMatch(/\| InsightAgent \| `http:[^`]*` \(replay server, not a model\) \| 16,384, trained with /);
      // Each call has a line.
      for (const agent of [collector, insight]) {
        const section = markdown.slice(markdown.indexOf(`### Calls of ${agent?.title}`)).split('\n\n')[1] ?? '';
        expect(section.split('\n')).toHaveLength(2 + (agent?.calls.length ?? 0));
      }
    } finally {
      await replay.close();
    }
  });
});
