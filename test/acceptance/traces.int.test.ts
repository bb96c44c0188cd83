import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ReplayServer, startReplayServer } from '@chimera/ollama';
import { connectBus } from '@chimera/shared/bus';
import { Report } from '@chimera/shared/domain';
import { SPANS } from '@chimera/shared/service';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { PATIENT_MS } from '../support/nats.ts';
import { type Collector, startCollector } from '../support/otlp.ts';
import { ROOT } from '../support/seed.ts';
import { SpanTree, serviceOf } from '../support/span-tree.ts';
import { killAllUps, startUp, type Up } from '../support/up.ts';

const SERVICES = ['ingest', 'collector', 'insight', 'reporter'] as const;
const REPORT = /^chimera: report: (.*report\.md)$/;
const OTEL_MODULE = /\/node_modules\/@opentelemetry\/([^/]+)\//;
// prom-client, for exemplars: types and constants, which send nothing.
const BROUGHT_BY_METRICS = ['api'];
const MINUTE_MS = 60_000;
const work = mkdtempSync(join(tmpdir(), 'chimera-traces-'));

afterAll(() => {
  killAllUps();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
});

type LogLine = { time: string; level: string; msg: string; trace_id?: string; span_id?: string };

const logOf = (up: Up, service: string): LogLine[] =>
  readFileSync(join(up.home, 'logs', `${service}.log`), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
const reportAt = (path: string) => Report.parse(JSON.parse(readFileSync(join(dirname(path), 'report.json'), 'utf8')));

/** What Node loads of OpenTelemetry, in all processes of a command. */
function recordLoads(name: string) {
  const file = join(work, `${name}.loads`);
  const hook = pathToFileURL(join(ROOT, 'test/support/loads.ts'));
  const loaded = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);
  return {
    env: { NODE_OPTIONS: `--import ${hook}`, RECORD_LOADS: file },
    loaded,
    otel: () => [...new Set(loaded().flatMap((url) => OTEL_MODULE.exec(url)?.[1] ?? []))].sort(),
  };
}

/** The headers of all messages that the streams of an `up` hold, by subject. */
async function messagesOf(up: Up): Promise<{ subject: string; names: string[]; traceparent: string }[]> {
  const url = /NATS at (\S+);/.exec(up.lines.join('\n'))?.[1] ?? '';
  const bus = await connectBus({ url, name: 'test', connectTimeoutMs: PATIENT_MS });
  try {
    const found: { subject: string; names: string[]; traceparent: string }[] = [];
    for (const stream of ['chimera_events', 'chimera_work']) {
      const { state } = await bus.manager.streams.info(stream);
      for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
        const message = await bus.manager.streams.getMessage(stream, { seq });
        if (message) found.push({ subject: message.subject, names: message.header.keys(), traceparent: message.header.get('traceparent') });
      }
    }
    return found;
  } finally {
    await bus.close();
  }
}

describe('a trace', () => {
  let ollama: ReplayServer;
  let collector: Collector | null = null;
  const agents = () => ({ CHIMERA_MODEL: 'gemma3:latest', CHIMERA_OLLAMA_URLS: `${ollama.url}#slots=1` });
  const collect = async (behaviour?: Parameters<typeof startCollector>[0]) => {
    collector = await startCollector(behaviour);
    return collector;
  };
  beforeAll(async () => {
    ollama = await startReplayServer({ models: ['gemma3:latest'] });
  });
  afterEach(async () => {
    await collector?.close();
    collector = null;
  });
  afterAll(() => ollama.close());

  it('goes from the drop to the report, through all four services', async () => {
    const target = await collect();
    const loads = recordLoads('traced');
    const secret = 'hush-hush-token';
    const up = startUp(join(work, 'traced'), {
      ...agents(),
      ...loads.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: target.url,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${secret}`,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    await up.line(/watching/);
    const droppedMs = Date.now();
    layFiles(SMALL, up.bucket);
    const path = (await up.line(REPORT))[1] ?? '';
    const report = reportAt(path);
    const carried = await messagesOf(up);
    // What has ended is sent at the stop at the latest.
    expect(await up.interrupt()).toBe(0);

    const tree = new SpanTree(target.spans);
    const [trace] = new Set(tree.spans.map((span) => span.trace));
    expect(new Set(tree.spans.map((span) => span.trace)).size, `${tree}`).toBe(1);
    expect(report.record.trace).toBe(trace);
    expect(tree.orphans()).toEqual([]);
    expect(tree.roots().map(({ name }) => name)).toEqual(['take inventory']);
    // On a busy machine a delivery may be tried again; nothing else fails.
    expect(tree.spans.filter(({ failed, kind }) => failed && kind !== 'consumer')).toEqual([]);
    expect(new Set(tree.spans.map(serviceOf))).toEqual(new Set(SERVICES.map((service) => `chimera-${service}`)));
    for (const { resource } of tree.spans)
      expect(resource).toMatchObject({
        'service.version': expect.stringMatching(/^\d/),
        'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'deployment.environment.name': 'test',
      });

    // From the drop on: the root begins when the dataset was first seen changed, long before it was quiet.
    const root = tree.one('take inventory');
    expect(root.startMs).toBeGreaterThanOrEqual(droppedMs - 1);
    expect(tree.one('settle').endMs - tree.one('settle').startMs).toBeGreaterThan(900);
    expect(tree.childrenOf(root).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['settle', 'read artifacts', 'compute evidence', 'store inventory']),
    );
    expect(root.attributes).toMatchObject({ 'chimera.dataset': 'bucket', 'chimera.outcome': 'published', 'chimera.artifacts': 4 });

    // To the report: up from the word of it to the root; and from the print, by its links, through both agents.
    const sent = tree.one('send chimera.report.v1.published.*');
    const way = tree.pathTo(sent);
    expect(way[0]).toBe(root);
    expect(way.map(({ name }) => name)).toEqual(expect.arrayContaining(['print report', 'write report']));
    const print = tree.one('print report');
    expect(serviceOf(print)).toBe('chimera-reporter');
    const analyses = print.links.map(({ id }) => tree.byId(id)).filter((span) => span !== undefined);
    expect(analyses.map(serviceOf).sort()).toEqual(['chimera-collector', 'chimera-insight']);
    for (const analysis of analyses) {
      const above = tree.pathTo(analysis);
      expect(above.map(({ name }) => name)).toEqual([
        'take inventory',
        'store inventory',
        'send chimera.inventory.v1.published.*',
        'process chimera.inventory.v1.published.*',
        'send chimera.analysis.v1.requested.*.*',
        'process chimera.analysis.v1.requested.*.*',
        'write analysis',
      ]);
      expect(tree.childrenOf(analysis).map(({ name }) => name)).toContain('send chimera.analysis.v1.completed.*');
    }
    expect(tree.childrenOf(print).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gate analyses', 'assemble report', 'render report', 'write report']),
    );

    // One span for each call that reached the server, with what the report says of it.
    const chats = tree.named('chat gemma3:latest');
    const { collector: first, insight: second } = report.record.agents;
    const calls = [...(first?.calls ?? []), ...(second?.calls ?? [])].filter(({ stored }) => !stored);
    expect(chats).toHaveLength(calls.length);
    expect(chats.map(({ attributes }) => attributes['gen_ai.usage.output_tokens']).sort()).toEqual(
      calls.map(({ outputTokens }) => outputTokens).sort(),
    );
    for (const chat of chats) {
      expect(chat.kind).toBe('client');
      expect(chat.attributes).toMatchObject({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'ollama',
        'gen_ai.request.model': 'gemma3:latest',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.response.time_to_first_chunk': expect.any(Number),
        'gen_ai.usage.input_tokens': expect.any(Number),
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(ollama.url).port),
      });
    }
    // Nothing is sent that the table of spans does not have.
    for (const { name, kind, attributes } of tree.spans) {
      const row = Object.values(SPANS).find((one) => one.name.replace(/\{([^}]+)\}/g, (_, place) => String(attributes[place])) === name);
      expect(row?.kind, name).toBe(kind);
      for (const attribute of Object.keys(attributes)) expect(row?.attributes as readonly string[], name).toContain(attribute);
    }
    // What models read and write stays where it is: no value is longer than a name or an id.
    const longest = tree.spans.flatMap(({ attributes }) => Object.values(attributes)).filter((value) => String(value).length > 200);
    expect(longest).toEqual([]);

    for (const { subject, names, traceparent } of carried) {
      expect(names, subject).toContain('traceparent');
      expect(traceparent.split('-')[1], subject).toBe(trace);
    }
    expect(carried.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['chimera.inventory.v1.published.bucket']));

    for (const service of SERVICES) {
      const lines = logOf(up, service);
      const ids = lines.flatMap(({ trace_id }) => trace_id ?? []);
      expect(new Set(ids), service).toEqual(new Set([trace]));
      for (const { span_id } of lines.filter(({ trace_id }) => trace_id)) expect(tree.byId(span_id ?? ''), service).toBeDefined();
      expect(readFileSync(join(up.home, 'logs', `${service}.log`), 'utf8')).not.toContain(secret);
    }
    expect(logOf(up, 'ingest').find(({ msg }) => msg === 'inventory published')?.trace_id).toBe(trace);
    expect(logOf(up, 'reporter').find(({ msg }) => msg === 'report printed')?.trace_id).toBe(trace);

    expect(new Set(target.requests.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
    for (const { headers } of target.requests) expect(headers.authorization).toBe(`Bearer ${secret}`);
    expect(loads.otel()).toContain('sdk-trace');
  }, 180_000);

  it('is not made where no endpoint is set: nothing is loaded, sent or written of it', async () => {
    const loads = recordLoads('untraced');
    const target = await collect();
    // What is set for the traces of other programs starts nothing here.
    const env = { OTEL_SERVICE_NAME: 'other', OTEL_EXPORTER_OTLP_HEADERS: 'a=b', OTEL_EXPORTER_OTLP_ENDPOINT: '' };
    const up = startUp(join(work, 'untraced'), { ...loads.env, ...env });
    await up.line(/watching/);
    layFiles(SMALL, up.bucket);
    const report = reportAt((await up.line(REPORT))[1] ?? '');
    const carried = await messagesOf(up);
    expect(await up.interrupt()).toBe(0);
    expect(loads.loaded().length).toBeGreaterThan(0);
    expect(loads.otel()).toEqual(BROUGHT_BY_METRICS);
    expect(target.connections).toBe(0);
    expect(report.record.trace).toBeNull();
    expect(carried.length).toBeGreaterThan(0);
    for (const { names } of carried) expect(names.map((name) => name.toLowerCase())).not.toContain('traceparent');
    for (const service of SERVICES)
      for (const line of logOf(up, service)) {
        expect(line).not.toHaveProperty('trace_id');
        expect(line).not.toHaveProperty('span_id');
      }
  }, 180_000);

  it.each(['hangs', 'fails'] as const)(
    'holds nothing up where the collector %s',
    async (behaviour) => {
      const target = await collect(behaviour);
      // With ten minutes for a request, whoever waited for its end would be ended hard, with code 1.
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: target.url, OTEL_EXPORTER_OTLP_TIMEOUT: '600000' };
      const up = startUp(join(work, behaviour), env);
      await up.line(/watching/);
      layFiles(SMALL, up.bucket);
      expect(reportAt((await up.line(REPORT))[1] ?? '').record.trace).toMatch(/^[0-9a-f]{32}$/);
      layFiles({ 'more.csv': 'n_ms\n1\n' }, up.bucket);
      await up.line(REPORT);
      expect(await up.interrupt()).toBe(0);
      expect(target.requests.length).toBeGreaterThan(0);
      for (const service of SERVICES) {
        const lines = logOf(up, service);
        expect(lines.at(-1)?.msg, service).toBe('stopped');
        const words = lines.filter(({ msg }) => msg.includes('could not be sent')).map(({ time }) => Date.parse(time));
        if (behaviour === 'fails') expect(words.length, service).toBeGreaterThan(0);
        for (const [i, time] of words.slice(1).entries()) expect(time - (words[i] ?? 0)).toBeGreaterThan(MINUTE_MS - 1_000);
      }
    },
    180_000,
  );
});

describe('chimera analyze', () => {
  it('makes one trace too, and ends although the collector hangs', async () => {
    const folder = layFiles(SMALL);
    const [good, hanging] = [await startCollector(), await startCollector('hangs')];
    try {
      const run = (out: string, url: string) =>
        chimera(['analyze', folder, '--out', join(work, out), '--model', 'none'], {
          env: { OTEL_EXPORTER_OTLP_ENDPOINT: url },
          timeout: 90_000,
        });
      expect((await run('good', good.url)).code).toBe(0);
      const tree = new SpanTree(good.spans);
      expect(new Set(tree.spans.map((span) => span.trace)).size).toBe(1);
      expect(tree.orphans()).toEqual([]);
      expect(new Set(tree.spans.map(serviceOf))).toEqual(new Set(['chimera-analyze']));
      expect(reportAt(join(work, 'good', 'report.md')).record.trace).toBe(tree.spans[0]?.trace);
      expect((await run('hanging', hanging.url)).code).toBe(0);
      expect(hanging.requests.length).toBeGreaterThan(0);
    } finally {
      await good.close();
      await hanging.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);

  it('says what is wrong with an endpoint, and shows no header', async () => {
    const { code, stderr } = await chimera(['analyze', ROOT, '--out', join(work, 'refused')], {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
        OTEL_EXPORTER_OTLP_HEADERS: 'hush hush',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('OTEL_EXPORTER_OTLP_ENDPOINT="collector:4318": must be a URL such as');
    expect(stderr).toContain('OTEL_EXPORTER_OTLP_PROTOCOL="grpc": traces are sent as http/protobuf alone');
    expect(stderr).toContain('OTEL_EXPORTER_OTLP_HEADERS=(not shown)');
    expect(stderr).not.toContain('hush');
    expect(readdirSync(work)).not.toContain('refused');
  }, 60_000);
});
