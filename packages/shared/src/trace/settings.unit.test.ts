import { describe, expect, it } from 'vitest';
import { parseSettings } from '../service/config.ts';
import { isSecret } from '../service/secrets.ts';
import { resourceOf, TraceSettings, traceTarget } from './settings.ts';

const parse = (environment: Record<string, string>) => parseSettings(TraceSettings, environment);
const target = (environment: Record<string, string>) => traceTarget(parse(environment));
const PROCESS = { service: 'chimera-ingest', instance: 'i1', version: '1.2.3' };

describe('where traces go', () => {
  it('is nowhere, unless an endpoint is set', () => {
    expect(target({})).toBeNull();
    expect(target({ OTEL_SERVICE_NAME: 'x', OTEL_EXPORTER_OTLP_HEADERS: 'a=b', OTEL_TRACES_SAMPLER: 'always_on' })).toBeNull();
    expect(target({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeNull();
  });

  it.each([
    ['http://collector:4318', 'http://collector:4318/v1/traces'],
    ['http://collector:4318/', 'http://collector:4318/v1/traces'],
    ['https://host/otlp', 'https://host/otlp/v1/traces'],
    ['https://host/otlp/', 'https://host/otlp/v1/traces'],
  ])('is the path of traces below the endpoint %s', (endpoint, url) => {
    expect(target({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })?.url).toBe(url);
  });

  it('is the endpoint for traces as it stands, where that is set', () => {
    const both = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://all:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:9/in' };
    expect(target(both)?.url).toBe('http://traces:9/in');
    expect(target({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:9/in' })?.url).toBe('http://traces:9/in');
  });

  it('is nowhere, where traces are switched off', () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://all:4318' };
    expect(target({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeNull();
    expect(target({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toBeNull();
    expect(target({ ...endpoint, OTEL_SDK_DISABLED: 'false', OTEL_TRACES_EXPORTER: 'otlp' })).not.toBeNull();
  });

  it('is told the headers for all signals and those for traces, percent signs decoded', () => {
    const headers = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://all:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20dTpw, x-tenant = a==,x-odd=100%',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=b',
    };
    expect(target(headers)?.headers).toEqual({ authorization: 'Basic dTpw', 'x-tenant': 'b', 'x-odd': '100%' });
  });

  it('is refused where it is no address, or another protocol; headers are shown by no message', () => {
    for (const wrong of ['collector', 'collector:4318', 'grpc://collector:4317', 'http://'])
      expect(() => parse({ OTEL_EXPORTER_OTLP_ENDPOINT: wrong }), wrong).toThrow('must be a URL');
    expect(() => parse({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toThrow('http/protobuf');
    expect(() => parse({ OTEL_TRACES_SAMPLER: 'sometimes' })).toThrow('OTEL_TRACES_SAMPLER');
    expect(() => parse({ OTEL_TRACES_SAMPLER_ARG: '2' })).toThrow('OTEL_TRACES_SAMPLER_ARG');
    expect(() => parse({ OTEL_EXPORTER_OTLP_HEADERS: 'hush' })).toThrow('OTEL_EXPORTER_OTLP_HEADERS=(not shown)');
    expect(() => parse({ OTEL_EXPORTER_OTLP_HEADERS: 'hush' })).not.toThrow('hush');
    for (const name of ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS']) expect(isSecret(name)).toBe(true);
  });
});

describe('the process in its traces', () => {
  it('is called by its service, instance and version', () => {
    expect(resourceOf({}, PROCESS)).toEqual({ 'service.name': 'chimera-ingest', 'service.instance.id': 'i1', 'service.version': '1.2.3' });
  });

  it('is called as the environment says, the name before the attributes', () => {
    const settings = parse({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,team=gpu%20lab,broken', OTEL_SERVICE_NAME: 'b' });
    expect(resourceOf(settings, PROCESS)).toEqual({
      'service.name': 'b',
      'service.instance.id': 'i1',
      'service.version': '1.2.3',
      team: 'gpu lab',
    });
  });
});
