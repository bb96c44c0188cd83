import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/seed.ts';

/** What each workspace may know. Arrows point down only; no service knows another; formats, evidence and grounding do not know each other. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  'packages/shared': [],
  'packages/statistics': [],
  'packages/ollama': [],
  'packages/formats': ['shared'],
  'packages/evidence': ['shared', 'statistics'],
  'packages/grounding': ['shared'],
  'packages/agent': ['shared', 'grounding', 'evidence', 'ollama'],
  'packages/campaign': ['shared', 'agent', 'ollama', 'evidence'],
  'services/ingest': ['shared', 'formats', 'evidence'],
  'services/collector': ['agent'],
  'services/insight': ['agent'],
  'services/reporter': ['shared', 'grounding', 'evidence'],
  'packages/cli': ['shared', 'evidence', 'grounding', 'agent', 'ollama', 'campaign', 'ingest', 'collector', 'insight', 'reporter'],
};

const workspaces = ['packages', 'services'].flatMap((group) => readdirSync(join(ROOT, group)).map((name) => `${group}/${name}`));

function sources(workspace: string): { file: string; text: string }[] {
  return readdirSync(join(ROOT, workspace), { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /\.(ts|mjs)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => ({ file: join(entry.parentPath, entry.name), text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));
}

// Statements that begin a line, and dynamic imports: prose with the word "from" is neither.
const IMPORTS = /^(?:import|export)\s[^;'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/gm;
const imports = (text: string) => [...text.matchAll(IMPORTS)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');

describe('the arrows of the layout', () => {
  it('has a rule for every workspace', () => {
    expect([...workspaces].sort()).toEqual(Object.keys(MAY_KNOW).sort());
  });

  it.each(workspaces)('%s imports only what it may know, and declares it', (workspace) => {
    const allowed = new Set((MAY_KNOW[workspace] ?? []).map((name) => `@chimera/${name}`));
    const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const wrong: string[] = [];
    const used = new Set<string>();
    for (const { file, text } of sources(workspace)) {
      for (const specifier of imports(text)) {
        if (specifier.startsWith('node:')) continue;
        if (specifier.startsWith('.')) {
          const target = join(file, '..', specifier);
          if (!target.startsWith(join(ROOT, workspace, '/'))) wrong.push(`${file} reaches into another workspace: ${specifier}`);
          continue;
        }
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        used.add(name);
        if (name.startsWith('@chimera/') && !allowed.has(name)) wrong.push(`${file} may not know ${name}`);
        if (dependencies[name] === undefined) wrong.push(`${file} uses ${name}, which ${workspace}/package.json does not declare`);
      }
    }
    expect(wrong).toEqual([]);
    // `import.meta.resolve` with a computed name is how the command line finds the services.
    const unused = Object.keys(dependencies).filter(
      (name) => !used.has(name) && !(workspace === 'packages/cli' && name.startsWith('@chimera/')),
    );
    expect(unused).toEqual([]);
  });

  it('reads the environment in the shell only', () => {
    const readers = workspaces
      .flatMap(sources)
      .filter(({ text }) => /process\.env/.test(text))
      .map(({ file }) => file.slice(ROOT.length));
    // The SDK of S3 takes a switch out of the environment alone: it is set there, and nothing read.
    const setsOne = 'packages/shared/src/store/s3-client.ts';
    for (const file of readers.filter((reader) => reader !== setsOne))
      expect(file).toMatch(/^(packages\/cli\/|services\/[a-z]+\/src\/main\.ts|packages\/agent\/src\/service\.ts)/);
  });
});
