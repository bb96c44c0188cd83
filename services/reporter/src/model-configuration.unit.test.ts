import { type Analysis, type Block, type ModelFound, type Profile, Report } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { column, reportInput } from '../../../test/support/report-input.ts';
import { renderMarkdown } from './markdown.ts';
import { assembleReport } from './report.ts';
import { pages } from './stated-report.ts';

const files = { 'a.csv': column('lat', 'ms', { model: 'm' }, [1, 2, 3, 4]) };
const FOUND: ModelFound = {
  ...{ server: 'http://gpu-1:11434', model: 'm:1b', digest: `sha256:${'ab12cd34ef56'.padEnd(64, '0')}`, serverVersion: '0.33.0' },
  ...{ replay: false, quantization: 'Q4_K_M', parameterSize: '4.3B', context: 4_096, trainedContext: 131_072 },
  ...{ layers: 35, layersOnGpu: 35, size: 4e9, sizeVram: 4e9, slots: { count: 1, by: 'assumed', rates: [] } },
};

function reportOf(agents: Profile['agents'], analyses: Partial<Record<'collector' | 'insight', Partial<Analysis>>>): Report {
  const report = assembleReport(reportInput({ files, agents, analyses: () => analyses }));
  return Report.parse(JSON.parse(JSON.stringify(report)));
}
function blocksOf({ page }: Report): Block[] {
  const from = page.findIndex((block) => block.type === 'heading' && block.text === 'Model Configuration');
  const rest = from === -1 ? [] : page.slice(from + 1);
  return rest.slice(
    0,
    rest.findIndex((block) => block.type === 'heading'),
  );
}
/** As a reader sees it, without the signs that escape. */
const sectionOf = (report: Report) =>
  renderMarkdown(blocksOf(report))
    .replace(/<!--.*-->\n\n/, '')
    .replace(/\\/g, '')
    .split('\n');
const m = (options: NonNullable<Profile['agents']['insight']>['options'] = {}) => ({ model: 'm:1b', options });

describe('the configuration of models', () => {
  it('is not there where no model was asked for: the header has it', () => {
    const report = reportOf(
      { collector: { model: null, options: {} }, insight: { model: null, options: {} } },
      { collector: {}, insight: {} },
    );
    expect(blocksOf(report)).toEqual([]);
    expect(JSON.stringify(report.page)).toContain('num_gpu default, num_ctx default');
  });

  it('stands once where both agents asked and found alike', () => {
    const same = { found: [FOUND], warnings: ['The same of both.'] };
    expect(
      sectionOf(reportOf({ collector: m({ num_ctx: 16_384 }), insight: m({ num_ctx: 16_384 }) }, { collector: same, insight: same })),
    ).toEqual([
      '| Asked for by | Model | num_gpu | num_ctx | temperature | top_p | top_k | repeat_penalty | seed | num_predict |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| both agents | `m:1b` | default | 16384 | default | default | default | default | default | default (bounded) |',
      '',
      '| Found for | Server | Context in force | Layers on the GPU | Quantization | Parameters | Digest | Ollama | Slots |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| both agents | `http://gpu-1:11434` | 4096, trained with 131,072 | 35 of 35 | Q4_K_M | 4.3B | ab12cd34ef56 | 0.33.0 | 1 (assumed) |',
      '',
      'Of these settings:',
      '',
      '- The same of both.',
      '',
    ]);
  });

  it('tells agents apart where they differ, names the replay server, and says how slots and layers are known', () => {
    const partly: ModelFound = {
      ...FOUND,
      ...{ layersOnGpu: 18, sizeVram: 2e9, context: 2_048, trainedContext: null },
      slots: {
        count: 2,
        by: 'measured',
        rates: [
          { atOnce: 1, tokensPerSecond: 40.5 },
          { atOnce: 2, tokensPerSecond: 75 },
        ],
      },
    };
    const replay: ModelFound = {
      ...{
        server: 'http://127.0.0.1:9',
        model: 'n:7b',
        digest: null,
        serverVersion: null,
        replay: true,
        quantization: null,
        parameterSize: null,
      },
      ...{ context: null, trainedContext: null, layers: null, layersOnGpu: null, size: 4_000, sizeVram: 1_000 },
      slots: { count: 4, by: 'configured', rates: [] },
    };
    const report = reportOf(
      { collector: { model: 'n:7b', options: {} }, insight: m({ num_gpu: 18, temperature: 0, seed: 7, num_predict: 500 }) },
      {
        collector: { title: 'DataCollector-9000', found: [replay] },
        insight: { title: 'InsightAgent', found: [FOUND, partly], warnings: ['seed has no effect.'] },
      },
    );
    expect(sectionOf(report)).toEqual([
      expect.stringContaining('| Asked for by |'),
      expect.any(String),
      '| DataCollector-9000 | `n:7b` | default | default | default | default | default | default | default | default (bounded) |',
      '| InsightAgent | `m:1b` | 18 | default | 0 | default | default | default | 7 | 500 |',
      '',
      expect.stringContaining('| Found for |'),
      expect.any(String),
      '| DataCollector-9000 | `http://127.0.0.1:9` (replay server, not a model) | – | 1000 bytes of 4000 bytes | – | – | – | – | 4 (configured) |',
      '| InsightAgent | `http://gpu-1:11434` | 4096, trained with 131,072 | 35 of 35 | Q4_K_M | 4.3B | ab12cd34ef56 | 0.33.0 | 1 (assumed) |',
      '| InsightAgent | `http://gpu-1:11434` | 2048 | 18 of 35 | Q4_K_M | 4.3B | ab12cd34ef56 | 0.33.0 | 2 (measured: 40.5 tok/s at 1, 75 tok/s at 2) |',
      '',
      'How many layers lie on the GPU is told by the share of the model in GPU memory.',
      '',
      'Of these settings:',
      '',
      '- InsightAgent: seed has no effect.',
      '',
    ]);
    expect(report.record.account.numbers.withoutSource).toBe(0);
  });

  it('says where no server told of a model', () => {
    const said = sectionOf(reportOf({ insight: m() }, { insight: { narrator: { ...NOBODY, reason: 'nobody answers' } } }));
    expect(said).toContain('No server told of a model, so it is not known what would have been in force.');
    expect(said[2]).toMatch(/^\| insight \| `m:1b` \| default \|/);
  });

  it('leads each number back to the record, in every spelling', async () => {
    const report = reportOf({ insight: m({ num_ctx: 8_192 }) }, { insight: { found: [FOUND], warnings: ['num_ctx 8192 was asked for.'] } });
    const records = [...JSON.stringify(blocksOf(report)).matchAll(/\{"type":"record","text":"([^"]*)","record":"([^"]*)"\}/g)];
    expect(records.length).toBeGreaterThan(8);
    for (const [, printed = '', path = ''] of records) {
      const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], report.record);
      if (typeof value === 'number') expect(Number(printed.replaceAll(',', ''))).toBe(value);
      else expect(String(value)).toContain(printed);
    }
    const spelt = await pages(report);
    for (const name of ['report.md', 'report.html', 'report.json']) expect(spelt.get(name)).toContain('131,072');
    expect(spelt.get('report.html')).toContain('run record: agents.insight.found.0.trainedContext');
  });
});

const NOBODY: Analysis['narrator'] = { kind: 'template', model: null, digest: null, server: null, serverVersion: null, reason: null };
