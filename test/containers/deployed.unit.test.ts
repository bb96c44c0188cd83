import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SERVICES } from '../../packages/cli/src/services.ts';
import { ROOT } from '../support/seed.ts';
import { baseImage, COMPOSE_FILES, composeServices, composeVariables, scrapeJobs } from './deployed.ts';
import { readPromql } from './promql.ts';

const services = composeServices();
const own = Object.entries(SERVICES);
const ORDER = Object.keys(services);
describe('docker-compose.yml', () => {
  it('runs the four services, each on its own port, each from the one image', () => {
    for (const [name, { port }] of own) {
      expect(services[name], name).toMatchObject({ build: '.', command: [name], environment: { CHIMERA_HTTP_PORT: port } });
    }
    expect(new Set(own.map(([name]) => services[name]?.image)).size).toBe(1);
  });

  it('gives each service the credentials that are its own, and nobody the keys but the step that makes them', () => {
    const mountsOf = (pattern: RegExp) =>
      Object.entries(services).flatMap(([name, { volumes = [] }]) =>
        volumes.filter((volume) => pattern.test(volume)).map((volume) => [name, volume]),
      );
    const others = mountsOf(/^creds-/).filter(([name]) => name !== 'admin');
    expect(others).toEqual(
      own.map(([name]) => [name, `creds-${name}:/run/chimera:ro`]).sort(([a = ''], [b = '']) => ORDER.indexOf(a) - ORDER.indexOf(b)),
    );
    expect(mountsOf(/^nats-keys:/)).toEqual([['admin', 'nats-keys:/var/lib/chimera-nats']]);
  });

  it('gives all services the same home, and the bucket to ingest alone, to read', () => {
    for (const [name] of own) expect(services[name]?.volumes, name).toContain('chimera:/var/lib/chimera');
    const withBucket = Object.entries(services).filter(([, { volumes }]) => volumes?.some((volume) => volume.includes(':/bucket')));
    expect(withBucket.map(([name]) => name)).toEqual(['ingest']);
    expect(withBucket[0]?.[1].volumes?.find((volume) => volume.includes(':/bucket'))).toMatch(/:ro$/);
  });

  it('hazard 41: publishes nothing beyond loopback', () => {
    const published = Object.values(services).flatMap(({ ports }) => ports ?? []);
    expect(published.length).toBeGreaterThan(0);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it.each(COMPOSE_FILES)('%s gives no container a right by which it gets at files of the host that are not mounted', (file) => {
    for (const [name, { privileged, cap_add = [] }] of Object.entries(composeServices(file))) {
      expect(privileged, name).toBeUndefined();
      // With DAC_READ_SEARCH a file system that a mount lies on can be opened at any place (open_by_handle_at).
      expect(cap_add, name).not.toContainEqual(expect.stringMatching(/ALL|DAC_READ_SEARCH|SYS_/));
    }
  });

  it('pins each image to one version, the same in all files', () => {
    const pinned = new Map<string, string>();
    const images = COMPOSE_FILES.flatMap((file) => Object.values(composeServices(file))).flatMap(({ image, build }) =>
      build || !image ? [] : [image],
    );
    for (const image of [...images, baseImage()]) {
      const [, name = '', tag] = /^(.+):(v?\d+\.\d+\.\d+.*)$/.exec(image) ?? [];
      expect(tag, image).toBeDefined();
      expect(pinned.get(name) ?? tag, name).toBe(tag);
      pinned.set(name, tag ?? '');
    }
  });

  it('starts nothing before what it needs is healthy or done, and that can be told', () => {
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const once = services[needed]?.restart === 'no';
        expect(condition, `${name} on ${needed}`).toBe(once ? 'service_completed_successfully' : 'service_healthy');
        if (!once) expect(services[needed]?.healthcheck ?? services[needed]?.build, needed).toBeDefined();
      }
    }
  });

  it('keeps all state in named volumes, and what is bound from the project to read', () => {
    for (const [name, { volumes = [], read_only }] of Object.entries(services)) {
      for (const volume of volumes) if (volume.startsWith('.')) expect(volume, name).toMatch(/:ro$/);
      // What Ollama writes beside its volume is nobody's state.
      if (!name.startsWith('ollama')) expect(read_only, name).toBe(true);
    }
  });

  it('keeps Ollama, the replay server and the S3 server for those who ask for them', () => {
    const asked = Object.entries(services).flatMap(([name, { profiles }]) => (profiles ? [[name, ...profiles]] : []));
    expect(asked.sort()).toEqual([
      ['ollama', 'ollama'],
      ['ollama-pull', 'ollama'],
      ['replay', 'replay'],
      ['s3', 's3'],
    ]);
  });

  it.each(COMPOSE_FILES)('%s takes no variable that no page tells of', (file) => {
    const page = readFileSync(join(ROOT, 'docs/operations/compose.md'), 'utf8');
    const told = new Set([...page.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name));
    expect(composeVariables(file).filter((name) => !told.has(name))).toEqual([]);
  });

  it('mounts only files that are there', () => {
    const mounted = Object.values(services)
      .flatMap(({ volumes }) => volumes ?? [])
      .flatMap((volume) => /^(\.\/deploy[^:]*):/.exec(volume)?.[1] ?? []);
    expect(mounted.length).toBeGreaterThan(0);
    for (const path of mounted) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });
});

describe('the other compose files', () => {
  it('the one for GPUs reserves NVIDIA devices for Ollama, and changes nothing that docker-compose.yml does not have', () => {
    const { ollama, 'dcgm-exporter': exporter, ...others } = composeServices('docker-compose.gpu.yml');
    for (const service of [ollama, exporter])
      expect(service?.deploy?.resources.reservations.devices).toMatchObject([{ driver: 'nvidia', capabilities: ['gpu'] }]);
    expect(exporter?.ports ?? []).toEqual([]);
    for (const name of ['ollama', ...Object.keys(others)]) expect(Object.keys(services)).toContain(name);
  });

  it('the one for nodes opens NATS alone, and only with TLS', () => {
    const nodes = composeServices('docker-compose.nodes.yml');
    expect(Object.keys(nodes).filter((name) => !Object.hasOwn(services, name))).toEqual([]);
    expect(Object.entries(nodes).flatMap(([name, { ports }]) => (ports ? [name] : []))).toEqual(['nats']);
    expect(services.admin?.command).toContain('--no-tls');
    expect(nodes.admin?.command).toContain('--tls-cert');
    for (const [name] of own) expect(nodes[name]?.environment?.CHIMERA_NATS_URL, name).toMatch(/^tls:/);
  });

  it('the one of a GPU node runs both agents, with credentials of their own, and publishes nothing', () => {
    const worker = composeServices('deploy/worker.compose.yml');
    for (const name of ['collector', 'insight']) {
      expect(worker[name]).toMatchObject({ command: [name], image: services[name]?.image, read_only: true });
      expect(worker[name]?.volumes?.[0]).toMatch(new RegExp(`CHIMERA_${name.toUpperCase()}_CREDS.*:/run/chimera/nats.creds:ro$`));
    }
    expect(Object.values(worker).flatMap(({ ports = [] }) => ports)).toEqual([]);
  });
});

describe('prometheus.yml', () => {
  it('scrapes the four services on the ports on which compose runs them, itself, and the exporter of GPUs, and nothing else', () => {
    const byName = scrapeJobs().map(({ job_name, dns_sd_configs = [], static_configs = [] }) => [
      job_name,
      [
        ...dns_sd_configs.flatMap(({ names, port }) => names.map((name) => `${name}:${port}`)),
        ...static_configs.flatMap(({ targets }) => targets),
      ],
    ]);
    expect(Object.fromEntries(byName)).toEqual({
      ...Object.fromEntries(own.map(([name]) => [name, [`${name}:${services[name]?.environment?.CHIMERA_HTTP_PORT}`]])),
      prometheus: ['127.0.0.1:9090'],
      'dcgm-exporter': ['dcgm-exporter:9400'],
    });
    expect(byName.length).toBe(own.length + 2);
  });
});

describe('readPromql', () => {
  it('finds metrics, filters and groupings, and takes no function, variable or duration for one', () => {
    expect(
      readPromql(
        'histogram_quantile(0.95, sum by (le, stage) (rate(a_bucket{x="y",z!~"b"}[$__rate_interval]))) / on (q) c_total > bool 1e3',
      ),
    ).toEqual({
      selections: [
        { metric: 'a_bucket', labels: ['x', 'z'] },
        { metric: 'c_total', labels: [] },
      ],
      groupings: ['le', 'stage', 'q'],
    });
  });
});
