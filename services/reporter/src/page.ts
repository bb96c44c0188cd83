import { closeSync, openSync, readSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit, Instant, instantText } from '@chimera/shared/domain';
import type { Express } from 'express';
import { z } from 'zod';
import { servedPolicy, styleOf } from './policy.ts';

const HEADERS = {
  'Content-Security-Policy': servedPolicy(null),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** The reporter's page: a list of the reports under CHIMERA_HOME, and the reports themselves. Reads only. */
export function pageRoutes(home: string): (app: Express) => Promise<void> {
  const root = join(home, 'reports');
  return async (app) => {
    const { default: express } = await import('express');
    app.use((_, response, next) => {
      response.set(HEADERS);
      next();
    });
    app.get('/', async (_, response) => {
      const reports = await reportsIn(root);
      const items = reports.map(({ dataset, run, shown }) => {
        const link = `/reports/${encodeURIComponent(dataset)}/${encodeURIComponent(run)}/report.html`;
        if (shown === null)
          return `<li><a href="${link}">${escapeHtml(dataset)}</a> · run ${escapeHtml(run)} · <strong>unreadable</strong>: its report.json is none that this version reads</li>`;
        const { title, status, printedAt } = shown;
        return `<li>${instantText(printedAt)} · <a href="${link}">${escapeHtml(title)}</a> · run ${escapeHtml(run)} · ${status === 'current' ? '<strong>current</strong>' : 'superseded'}</li>`;
      });
      const list = items.length === 0 ? '<p>No report yet: drop artifacts into the bucket.</p>' : `<ul>${items.join('')}</ul>`;
      response.type('html').send(`<!doctype html><meta charset="utf-8"><title>Chimera reports</title><h1>Reports</h1>${list}`);
    });
    const setHeaders: NonNullable<Parameters<typeof express.static>[1]>['setHeaders'] = (response, path) => {
      if (path.endsWith('.html')) response.setHeader('Content-Security-Policy', servedPolicy(styleOf(beginningOf(path))));
    };
    app.use('/reports', express.static(root, { dotfiles: 'deny', index: false, redirect: false, setHeaders }));
  };
}

/** More than the head of a page takes. */
const HEAD_BYTES = 32_768;

/** The first bytes of a file, of which the policy is made: a report keeps the style of the version that printed it. Express asks for headers at once. */
function beginningOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

/** Of a report.json, what the list shows; the rest may be another version's. */
const Shown = z.object({ title: z.string(), status: z.enum(['current', 'superseded']), record: z.object({ printedAt: Instant }) });

/** `shown` is null where its report.json cannot be read, or is none of ours. */
type Listed = { dataset: string; run: string; shown: { title: string; status: 'current' | 'superseded'; printedAt: string } | null };

/** The reports that lie there, the newest first; those that cannot be read last. */
async function reportsIn(root: string): Promise<Listed[]> {
  const found: Listed[] = [];
  for (const dataset of await foldersIn(root)) {
    for (const run of await foldersIn(join(root, dataset))) {
      const text = await reportText(join(root, dataset, run, 'report.json'));
      if (text !== null) found.push({ dataset, run, shown: shownOf(text) });
    }
  }
  return found.sort((a, b) => byCodeUnit(b.shown?.printedAt ?? '', a.shown?.printedAt ?? ''));
}

/** Empty, which is no JSON, where something lies there that cannot be read: the list tells of it and goes on. */
async function reportText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : '';
  }
}

function shownOf(text: string): Listed['shown'] {
  const read = Shown.safeParse(jsonOf(text));
  if (!read.success) return null;
  const { title, status, record } = read.data;
  return { title, status, printedAt: record.printedAt };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await missingAsNull(readdir(folder, { withFileTypes: true }));
  return (entries ?? []).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** A folder or file that is not there yet, or no longer, is nothing to list. */
async function missingAsNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
