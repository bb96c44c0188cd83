import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Evidence, type Fact, Observations, Report } from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { numberAt } from '../support/number-at.ts';
import { filesBelow, laySeed, SEED, seedAbsent } from '../support/seed.ts';

/** The expected values are the known ones of the set, or computed here from the raw files. */
describe.skipIf(seedAbsent)(`the 101 seed artifacts${seedAbsent ? ` (left out: ${seedAbsent})` : ''}`, () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-acceptance-'));
  const out = join(work, 'report');
  let folder = '';
  let report: Report;
  let evidence: Evidence;
  let observations: Observations;
  let markdown = '';

  beforeAll(async () => {
    folder = laySeed(work);
    const { code, stdout, stderr } = await chimera(['analyze', folder, '--model', 'none', '--out', out]);
    expect(stderr).not.toContain('Error');
    expect(code).toBe(0);
    expect(stdout).toContain(join(out, 'report.md'));
    const read = (name: string) => readFileSync(join(out, name), 'utf8');
    report = Report.parse(JSON.parse(read('report.json')));
    evidence = Evidence.parse(JSON.parse(read('evidence.json')));
    observations = Observations.parse(JSON.parse(read('observations.json')));
    markdown = read('report.md');
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const fact = (metric: string, labels: Record<string, string> = {}, statistic = 'count', scope = '/'): Fact => {
    const found = [...evidence.facts, ...observations.facts].find(
      (f) => f.metric === metric && f.statistic === statistic && f.scope === scope && JSON.stringify(f.labels) === JSON.stringify(labels),
    );
    if (!found) throw new Error(`no fact ${metric} ${JSON.stringify(labels)} ${statistic} in ${scope}`);
    return found;
  };

  it('counts 101 artifacts: 28 CSV, 44 JSON, 29 Markdown, 436,259 bytes', () => {
    expect(fact('artifact_count').value).toBe(101);
    expect(fact('artifact_count', { kind: 'csv' }).value).toBe(28);
    expect(fact('artifact_count', { kind: 'json' }).value).toBe(44);
    expect(fact('artifact_count', { kind: 'markdown' }).value).toBe(29);
    expect(fact('artifact_size', {}, 'sum').value).toBe(436_259);
    const raw = filesBelow(SEED).map((path) => statSync(join(SEED, path)).size);
    expect(raw.reduce((a, b) => a + b, 0)).toBe(436_259);
    expect(markdown).toMatch(
      /101 \[F\d+\]\(#f\d+\) artifacts, 28 \[F\d+\]\(#f\d+\) CSV, 44 \[F\d+\]\(#f\d+\) JSON, 29 \[F\d+\]\(#f\d+\) Markdown/,
    );
  });

  it('counts per folder as the file system does', () => {
    for (const top of ['reports', 'csv_data', 'reports/compilation', 'csv_data/baselines']) {
      const n = readdirSync(join(SEED, top), { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).length;
      expect(fact('artifact_count', { folder: top }).value).toBe(n);
    }
  });

  it('gives the latest modification per kind, in UTC, as first observed', () => {
    expect(fact('modified', { kind: 'csv' }, 'max').value).toBe('2025-11-14T18:53:30.000Z');
    expect(fact('modified', { kind: 'json' }, 'max').value).toBe('2025-10-08T17:20:51.000Z');
    expect(fact('modified', { kind: 'markdown' }, 'max').value).toBe('2025-11-14T18:54:07.000Z');
    expect(fact('modified', {}, 'max').value).toBe('2025-11-14T18:54:07.000Z');
    for (const time of ['2025-11-14 18:53:30 UTC', '2025-10-08 17:20:51 UTC', '2025-11-14 18:54:07 UTC']) expect(markdown).toContain(time);
  });

  it('hazard 8: names the four pairs of exact duplicates', () => {
    const byHash = new Map<string, string[]>();
    for (const path of filesBelow(SEED)) {
      const hash = createHash('sha256')
        .update(readFileSync(join(SEED, path)))
        .digest('hex');
      byHash.set(hash, [...(byHash.get(hash) ?? []), path]);
    }
    const pairs = [...byHash.values()].filter((paths) => paths.length > 1);
    expect(pairs).toHaveLength(4);
    expect(fact('duplicate_groups').value).toBe(4);
    for (const [first = '', second = ''] of pairs) expect(markdown).toContain(`\`${first}\` = \`${second}\``);
  });

  it('hazard 11: refuses ncu_summary.csv as what it is, and nothing else', () => {
    expect(report.artifacts.refused).toHaveLength(1);
    expect(report.artifacts.refused[0]?.path).toBe('reports/ncu_summary.csv');
    expect(report.artifacts.refused[0]?.reason).toMatch(
      /not a table.*error message.*==ERROR== the argument for option '--page' is invalid.*UTF-16/,
    );
    expect(markdown).toContain('`reports/ncu_summary.csv`');
  });

  it('names artifacts/ as missing', () => {
    expect(evidence.facts.filter((f) => f.metric === 'expected_folder').map((f) => f.labels.folder)).toEqual(['artifacts']);
    expect(markdown).toContain('folder `artifacts/`');
  });

  it('reports failed backends as failed, and never as fastest', () => {
    const failing = filesBelow(SEED).filter((path) => {
      if (!path.startsWith('reports/compilation/') || !path.endsWith('.json')) return false;
      const { backends } = JSON.parse(readFileSync(join(SEED, path), 'utf8')) as {
        backends: Record<string, { compilation: { success: boolean } | null }>;
      };
      return Object.values(backends).some((backend) => backend.compilation?.success === false);
    });
    expect(failing).toHaveLength(5);
    for (const path of failing) {
      expect(fact('failed_records', {}, 'count', path).value).toBe(1);
      expect(markdown).toContain(`| \`${path}\` | 1 `);
      const times = evidence.facts.filter((f) => f.scope === path && /mean_time_ms|min_time_ms/.test(f.metric));
      expect(times.length).toBeGreaterThan(0);
      expect(times.filter((f) => f.value === 0)).toEqual([]);
    }
  });

  it('counts one successful test of five, and keeps its 14.1063 tok/s as one value', () => {
    const path = 'csv_data/baseline_test_results_1759098967.json';
    expect(fact('succeeded_records', {}, 'count', path).value).toBe(1);
    expect(fact('records', {}, 'count', path).value).toBe(5);
    const stated = evidence.facts.find((f) => f.scope === path && f.statistic === 'stated mean of those that succeeded');
    expect(stated).toMatchObject({ metric: 'output_token_throughput', n: 1, unit: 'tok/s' });
    expect(stated?.value).toBeCloseTo(14.106339902901299, 12);
    expect(stated?.sources).toEqual([expect.objectContaining({ path, pointer: '/summary/avg_tokens_per_second' })]);
  });

  it('computes a column as the raw file has it', () => {
    const path = 'reports/gemma3/gemma3_baseline.csv';
    const [header = '', ...lines] = readFileSync(join(SEED, path), 'utf8').trim().split('\n');
    const column = header.split(',').indexOf('tokens_s');
    const values = lines.map((line) => Number(line.split(',')[column])).sort((a, b) => a - b);
    expect(values).toHaveLength(5);
    const mean = values.reduce((a, b) => a + b, 0) / 5;
    const stddev = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4);
    const [min = 0, , median = 0, , max = 0] = values;
    const expected = { min, median, mean, stddev, max };
    for (const [statistic, value] of Object.entries(expected)) {
      const found = fact('output_token_throughput', { model: 'gemma3:latest' }, statistic, path);
      expect(found).toMatchObject({ n: 5, unit: 'tok/s', derivedLabels: ['model'] });
      expect(found.value).toBeCloseTo(value, 9);
    }
  });

  it.each([
    ['reports/gemma3/gemma3_baseline.csv', 'gemma3:latest', 102],
    ['reports/gemma3/gemma3_1b-it-qat_baseline.csv', 'gemma3:1b-it-qat', 183],
  ])('says that in %s the model %s generated at about %d tok/s', (path, model, about) => {
    const found = fact('output_token_throughput', { model }, 'median', path);
    expect(found).toMatchObject({ n: 5, unit: 'tok/s', scope: path });
    expect(Math.round(Number(found.value))).toBe(about);
    expect(found.sources).toEqual([expect.objectContaining({ path, pointer: 'line 2 column tokens_s … line 6 column tokens_s' })]);
  });

  it('takes 15.58 for milliseconds or a number of unknown unit, never for seconds', () => {
    const holding = evidence.facts.filter((f) => typeof f.value === 'number' && Math.abs(f.value - 15.58) < 0.005);
    for (const f of holding) expect(['ms', null, 'tok/s', '%']).toContain(f.unit);
    const raw = evidence.facts.filter((f) => typeof f.value === 'number' && f.unit === 's' && f.value > 15.5 && f.value < 15.7);
    for (const f of raw) for (const source of f.sources) if ('pointer' in source) expect(source.pointer).not.toMatch(/percentile|p95|p99/);
  });

  it('judges no fan speed, and knows of which models the compile benchmarks are', () => {
    for (const f of evidence.facts.filter(({ metric, sources }) => /fan/i.test(metric) || JSON.stringify(sources).includes('fan_speed'))) {
      expect(f.kind).not.toBe('group');
      expect(f.comparison).toBeUndefined();
    }
    const compiled = evidence.facts.filter(
      ({ scope, labels }) => scope.startsWith('reports/compilation/') && scope.endsWith('.json') && labels.model,
    );
    expect(new Set(compiled.map(({ labels }) => labels.model))).toEqual(new Set(['mlp', 'conv', 'transformer']));
    expect(evidence.groups.filter(({ scope }) => scope.startsWith('reports/compilation/')).map(({ labels }) => labels.model)).not.toContain(
      'gemma3:latest',
    );
  });

  // A look at the raw rows, with nothing but split and compare.
  it.each([
    ['reports/gemma3/gemma3_param_tuning.csv', 'gemma3:latest'],
    ['reports/gemma3/gemma3_1b-it-qat_param_tuning.csv', 'gemma3:1b-it-qat'],
    ['reports/gemma3/gemma3_270m_param_tuning.csv', 'gemma3:270m'],
  ])('chooses out of %s what a brute-force look chooses', (path, model) => {
    const [header = '', ...lines] = readFileSync(join(SEED, path), 'utf8').trim().split('\n');
    const names = header.trim().split(',');
    const rows = lines.map((line) =>
      Object.fromEntries(
        line
          .trim()
          .split(',')
          .map((cell, i) => [names[i] ?? '', cell]),
      ),
    );
    const [best] = rows.filter((row) => !row.error && Number(row.tokens_s) > 0).sort((a, b) => Number(b.tokens_s) - Number(a.tokens_s));
    const found = evidence.facts.find((f) => f.kind === 'choice' && f.statistic.startsWith('best by') && f.scope === path);
    expect(found?.labels).toEqual({ model, num_gpu: best?.num_gpu, num_ctx: best?.num_ctx, temperature: best?.temperature });
    expect(found?.value).toBe(Number(best?.tokens_s));
    expect(found?.comparison?.verdict).toBe('not enough samples');
    expect(evidence.facts.find((f) => f.kind === 'choice' && f.statistic.startsWith('more runs needed') && f.scope === path)?.value).toBe(
      // Were one of the two metrics to differ alone, five a side would show it: 2 · 2 / C(10, 5) < 0.05, and four would not.
      4,
    );
  });

  it('shows that q4_0 is faster than q5_K_M and q8_0, by an exact test', () => {
    const compared = evidence.facts.filter(
      (f) => f.kind === 'comparison' && f.metric === 'output_token_throughput' && f.scope === 'csv_data/ollama_quant_bench.csv',
    );
    expect(compared.map(({ comparison }) => [comparison?.of, comparison?.to, comparison?.verdict])).toEqual([
      ['q4_0', 'q5_K_M', 'better'],
      ['q4_0', 'q8_0', 'better'],
    ]);
    // Five runs a side that lie apart: 2 / C(10, 5).
    for (const { comparison } of compared) expect(comparison?.p).toBeCloseTo(2 / 252, 9);
    expect(compared[0]?.value).toBeCloseTo(1.18, 2);
    expect(compared[1]?.value).toBeCloseTo(1.65, 2);
  });

  it('prints no number that is not in the evidence or the run record', () => {
    const names = new Set(Object.keys(report.facts));
    const printed = report.page.flatMap((block): { type: string; text: string; fact?: string }[] => {
      if (block.type === 'paragraph') return block.line;
      if (block.type === 'list') return block.items.flat();
      if (block.type === 'table') return block.rows.flat(2);
      return [];
    });
    const known = new Map([...evidence.facts, ...observations.facts].map((f) => [f.id, f]));
    const loose = printed.filter((part) => (part.type === 'text' || part.type === 'strong') && /\p{N}/u.test(part.text));
    expect(loose.map((part) => part.text)).toEqual([]);
    for (const part of printed.filter((p) => p.type === 'fact')) {
      expect(names).toContain(part.fact);
      expect(known.get(report.facts[part.fact ?? '']?.id ?? '')).toEqual(report.facts[part.fact ?? '']);
    }
    for (const [name, { sources }] of Object.entries(report.facts)) {
      expect(sources.length).toBeGreaterThan(0);
      expect(markdown).toContain(`###### ${name}\n`);
    }
  });

  it('follows every printed value of a file back to the very number', () => {
    const followed = Object.values(report.facts).flatMap((f) =>
      f.sources.flatMap((s) => ('path' in s && (f.kind === 'series' || f.kind === 'group') ? [{ fact: f, source: s }] : [])),
    );
    expect(followed.length).toBeGreaterThan(20);
    for (const { fact: f, source } of followed) {
      const bytes = readFileSync(join(SEED, source.path));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(source.sha256);
      const first = numberAt(bytes.toString('utf8'), source.pointer.split(' … ')[0] ?? '');
      expect(first).toEqual(expect.any(Number));
      if (f.n === 1 && f.statistic === 'value') expect(first).toBe(f.value);
    }
  });

  it('hazard 16: gives byte-identical evidence for the same files in another place, order and time', async () => {
    const elsewhere = mkdtempSync(join(work, 'elsewhere-'));
    for (const path of filesBelow(folder).reverse()) {
      cpSync(join(folder, path), join(elsewhere, path), { recursive: true });
      utimesSync(join(elsewhere, path), new Date(), new Date());
    }
    const second = join(work, 'second');
    const { code } = await chimera(['analyze', elsewhere, '--model', 'none', '--out', second], {
      env: { TZ: 'Pacific/Auckland', LC_ALL: 'C' },
    });
    expect(code).toBe(0);
    expect(readFileSync(join(second, 'evidence.json'))).toEqual(readFileSync(join(out, 'evidence.json')));
    expect(JSON.parse(readFileSync(join(second, 'report.json'), 'utf8')).inventory).toBe(report.inventory);
  });

  it('keeps to the personas’ lengths: the collector under 250 words, insight 300 to 400', () => {
    const words = (agent: string) =>
      readFileSync(join(out, 'agents', `${agent}.md`), 'utf8')
        .split('\n## Evidence')[0]
        ?.replace(/^[\s\S]*?\n(?=## )/, '')
        .replace(/\[F\d+\]\(#f\d+\)/g, '')
        .split(/\s+/)
        .filter((word) => /[\p{L}\p{N}]/u.test(word)).length ?? 0;
    expect(words('collector')).toBeLessThan(250);
    expect(words('insight')).toBeGreaterThanOrEqual(300);
    expect(words('insight')).toBeLessThanOrEqual(400);
  });

  it('refuses to write into the artifacts’ folder, and over files it did not write', async () => {
    const inside = await chimera(['analyze', folder, '--out', join(folder, 'x')]);
    expect(inside).toMatchObject({ code: 2, stdout: '' });
    expect(inside.stderr).toContain('name another folder with --out');
    const over = await chimera(['analyze', folder, '--out', join(folder, '..', folder.split('/').at(-1) ?? '')]);
    expect(over.code).toBe(2);
  });
});
