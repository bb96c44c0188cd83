import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics, serveHttp } from '@chimera/shared/service';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { column, reportInput } from '../../../test/support/report-input.ts';
import { STYLE } from './html-style.ts';
import { pageRoutes } from './page.ts';
import { contentPolicy, styleOf } from './policy.ts';
import { assembleReport } from './report.ts';
import { pages } from './stated-report.ts';

const home = mkdtempSync(join(tmpdir(), 'chimera-page-'));
let server: Server;
let url = '';

/** A report of this dataset, as the printer lays it. */
function lay(dataset: string, files: Iterable<[string, string]>): void {
  const folder = join(home, 'reports', dataset, 'run');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

beforeAll(async () => {
  const report = assembleReport(
    reportInput({ title: '<b>now</b>', files: { 'a.csv': column('lat', 'ms', {}, [1, 2]) }, analyses: () => ({}) }),
  );
  lay('now', await pages(report));
  const old = '<!doctype html><head><style>p { color: red }</style></head>\n<body>\n<style>p { color: blue }</style></body>';
  lay('earlier', [
    ['report.html', old],
    ['report.json', JSON.stringify({ title: 'earlier', status: 'superseded', record: { printedAt: '2025-01-01T00:00:00.000Z' } })],
  ]);
  lay('bare', [['report.html', '<!doctype html><body><style>p { color: blue }</style></body>']]);
  const app = express();
  await pageRoutes(home)(app);
  server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

/** The answer to a path that no client has made orderly first. */
async function sentAsItIs(at: string, path: string): Promise<string> {
  const { hostname, port } = new URL(at);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

const policyOf = async (path: string) => (await fetch(`${url}${path}`)).headers.get('content-security-policy') ?? '';

describe('the page of the reporter', () => {
  it('hazard 35: serves a report under the policy that its own meta tag states, and lets nobody frame it', async () => {
    const policy = await policyOf('/reports/now/run/report.html');
    expect(policy).toBe(`${contentPolicy(STYLE)}; frame-ancestors 'none'`);
    expect(policy).toMatch(/^default-src 'none'; img-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-[\w+/]{43}=';/);
    expect(await (await fetch(`${url}/reports/now/run/report.html`)).text()).toContain(`content="${contentPolicy(STYLE)}"`);
  });

  it('allows a report of an earlier version the style in its head, and no other', async () => {
    expect(await policyOf('/reports/earlier/run/report.html')).toContain(contentPolicy('p { color: red }'));
    expect(await policyOf('/reports/bare/run/report.html')).not.toContain('style-src');
    expect(styleOf('<head></head><body><style>x</style>')).toBeNull();
  });

  it('hazard 36: lists all reports, one that another version printed too, under titles that are no markup', async () => {
    const response = await fetch(url);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; img-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const list = await response.text();
    expect(list).toContain('&#60;b&#62;now');
    expect(list).toContain('>earlier</a>');
    expect(list).not.toMatch(/<b>|<script/);
  });

  it.each([
    ['no JSON', '{"title": "x"'],
    ['JSON of another kind', '[1, 2]'],
    ['a report without a time', JSON.stringify({ title: 'x', status: 'current', record: {} })],
    ['a time that is markup', JSON.stringify({ title: 'x', status: 'current', record: { printedAt: '<script>' } })],
    ['nothing', ''],
  ])('lists the other reports where a report.json is %s, and that one as unreadable', async (_, text) => {
    lay('<i>broken', [['report.json', text]]);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    const list = await response.text();
    expect(list).toContain('>earlier</a>');
    expect(list).toMatch(/&#60;i&#62;broken<\/a> · run run · <strong>unreadable<\/strong>/);
    expect(list).not.toMatch(/<script|<i>/);
  });

  it.each([
    '/reports/../secret.html',
    '/reports/..%2fsecret.html',
    '/reports/%2e%2e%2fsecret.html',
    '/reports/%252e%252e%252fsecret.html',
    '/reports/now/run/..%5c..%5c..%5csecret.html',
    '/reports//../../secret.html',
    '/reports/now/run/report.html%00.png',
    '/reports/now/run/.chimera-output',
    '/reports/now/run/%2echimera-output',
    '/reports/%2fetc/passwd',
    '/reports/now/run/',
    '/reports/now',
  ])('refuses %s as it is sent, and says nothing of the inside', async (path) => {
    writeFileSync(join(home, 'secret.html'), '<style>x</style>');
    writeFileSync(join(home, 'reports', 'now', 'run', '.chimera-output'), 'ours');
    const locked = await serveHttp({
      ...{ host: '127.0.0.1', port: 0, alive: () => [], ready: () => [], routes: pageRoutes(home) },
      logger: createLogger('test', 'silent'),
      metrics: await createMetrics('test'),
    });
    try {
      const answer = await sentAsItIs(locked.url, path);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer).not.toMatch(/<style>|root:|ours|node_modules/);
      expect(answer).not.toContain(home);
    } finally {
      await locked.close();
    }
  });

  it('hazard 30: serves nothing from outside of the reports', async () => {
    writeFileSync(join(home, 'secret.html'), '<style>x</style>');
    for (const path of [
      '/reports/../secret.html',
      '/reports/%2e%2e/secret.html',
      '/reports/now/..%2f..%2f..%2fsecret.html',
      '/reports/now/run/.chimera-output',
    ])
      expect((await fetch(`${url}${path}`)).status).toBeGreaterThanOrEqual(400);
  });
});
