import { type Analysis, type Call, Report } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { callOf, column, reportInput } from '../../../test/support/report-input.ts';
import { renderMarkdown } from './markdown.ts';
import { assembleReport } from './report.ts';

const files = { 'a.csv': column('lat', 'ms', { model: 'm' }, [1, 2, 3, 4]) };

function reportOf(calls: Partial<Record<'collector' | 'insight', Call[]>>): Report {
  const analyses: Partial<Record<'collector' | 'insight', Partial<Analysis>>> = {};
  for (const agent of ['collector', 'insight'] as const) analyses[agent] = { calls: calls[agent] ?? [] };
  const report = assembleReport(reportInput({ files, model: 'm:1b', analyses: () => analyses }));
  return Report.parse(JSON.parse(JSON.stringify(report)));
}
function blocksOf({ page }: Report) {
  const from = page.findIndex((block) => block.type === 'heading' && block.text === 'Model Calls');
  const to = page.findIndex((block, i) => i > from && block.type === 'heading' && block.level === 2);
  return from === -1 ? [] : page.slice(from, to);
}
const plain = (report: Report, blocks = blocksOf(report)) => renderMarkdown(blocks).replace(/\\/g, '');
const rows = (markdown: string, of: string) => markdown.split('\n').filter((line) => line.startsWith(`| ${of} |`));
const USE: NonNullable<Call['gpu']> = {
  ...{ node: 'gpu-1', source: 'nvidia-smi', gpus: 2, samples: 12, seconds: 1.2 },
  ...{ utilization: 0.875, memoryBytes: 4_294_967_296, powerWatts: 150, energyJoules: 180 },
};

describe('the calls of models', () => {
  it('are not there where none was called', () => expect(blocksOf(reportOf({}))).toEqual([]));

  it('are told one by one, each number with its unit, and with what is to be said of it', () => {
    const measured = {
      ...{ slotWaitSeconds: 0.25, queueSeconds: 0.125, loadSeconds: 1.5, promptTokens: 812, promptEvalSeconds: 0.4 },
      ...{ timeToFirstTokenSeconds: 2.1, outputTokens: 96, evalSeconds: 1.6, gaps: { n: 95, median: 0.016, p95: 0.031, max: 0.2 } },
    };
    const report = reportOf({
      collector: [
        callOf({ section: 'coverage', server: 'http://gpu-1:11434', ...measured }),
        callOf({ section: 'gaps', repair: true, truncated: true, outcome: 'length', replay: true }),
        callOf({ section: 'gaps', stored: true }),
        callOf({
          ...{ section: 'modifications', outcome: 'idle_timeout', queueSeconds: null, loadSeconds: null, promptTokens: null },
          ...{ promptEvalSeconds: null, timeToFirstTokenSeconds: null, outputTokens: null, evalSeconds: null },
        }),
      ],
      insight: [callOf()],
    });
    const said = plain(report);
    expect(said).toContain('### Calls of collector');
    expect(rows(said, '`coverage`')).toEqual([
      '| `coverage` | `http://gpu-1:11434` | 0.25 s | 0.125 s | 1.5 s | 812 | 0.4 s | 2.1 s | 96 | 1.6 s | 0.031 s | stop | – |',
    ]);
    const [repaired, stored] = rows(said, '`gaps`');
    expect(repaired).toMatch(/\| – \| length \| asked again; prompt cut by the server; replay server \|$/);
    expect(stored).toMatch(/\| stop \| taken from an earlier equal call, whose times these are \|$/);
    expect(rows(said, '`modifications`')[0]).toMatch(/\| 0 s \| – \| – \| – \| – \| – \| – \| – \| – \| idle_timeout \| – \|$/);
    expect(said).toContain('### Calls of insight');
    expect(said).not.toContain('GPUs during the calls');
    expect(report.record.account.numbers.withoutSource).toBe(0);
  });

  it('leave answers of earlier calls out of every sum, and say how many there were', () => {
    const report = reportOf({ insight: [callOf({ outputTokens: 30 }), callOf({ outputTokens: 500, stored: true })] });
    expect(report.record.agents.insight).toMatchObject({ storedCalls: 1, outputTokens: 30, totalSeconds: 1 });
    expect(plain(report, report.page)).toContain('Taken from earlier equal calls, and counted in no sum: 1 of 2 answers of insight.');
    expect(plain(report, reportOf({ insight: [callOf()] }).page)).not.toContain('earlier equal calls');
  });

  it('tell what the GPUs of a node did meanwhile, the time of calls at once counted once', () => {
    const alone = reportOf({ insight: [callOf({ gpu: USE, outputTokens: 36 })] });
    expect(rows(plain(alone), '`gpu-1`')).toEqual([
      '| `gpu-1` | 2 | 1 | 12 | 1 s | 87.5 % | 4,294,967,296 bytes | 150 W | 180 J | 0.2 tok/J | nvidia-smi |',
    ]);
    expect(plain(alone)).not.toContain('common time');
    const [one, two] = [callOf({ gpu: USE, outputTokens: 36 }), callOf({ gpu: USE, outputTokens: 54 })];
    const both = plain(reportOf({ collector: [one], insight: [two] }));
    expect(rows(both, '`gpu-1`')).toEqual([
      '| `gpu-1` | 2 | 2 | 24 | 1 s | 87.5 % | 4,294,967,296 bytes | 150 W | 180 J | 0.5 tok/J | nvidia-smi |',
    ]);
    expect(both).toContain('their common time counts once');
    const silent = { ...USE, utilization: null, memoryBytes: null, powerWatts: null, energyJoules: null };
    expect(rows(plain(reportOf({ insight: [callOf({ gpu: silent })] })), '`gpu-1`')[0]).toContain('| 1 s | – | – | – | – | – |');
  });

  it('lead each number back to the record', () => {
    const report = reportOf({ insight: [callOf({ gpu: USE, outputTokens: 36, gaps: { n: 3, median: 0.01, p95: 0.02, max: 0.03 } })] });
    const records = [...JSON.stringify(blocksOf(report)).matchAll(/\{"type":"record","text":"([^"]*)","record":"([^"]*)"\}/g)];
    expect(records.length).toBeGreaterThan(15);
    for (const [, printed = '', path = ''] of records) {
      const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], report.record);
      const scale = path.endsWith('utilization') ? 100 : 1;
      if (typeof value === 'number') expect(Number.parseFloat(printed.replaceAll(',', ''))).toBeCloseTo(value * scale, 6);
      else expect(printed).toBe(value);
    }
  });
});
