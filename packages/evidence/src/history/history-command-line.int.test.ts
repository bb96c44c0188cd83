import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { historyCommandLine } from './history-command-line.ts';

it.each(['bucket', 'two words', '(root)', "it's", '-x', '$(echo owned) `id` "; echo', '*', 'ä\nb'])(
  'historyCommandLine hands a shell dataset %j as it is',
  (dataset) => {
    const { stdout } = spawnSync('sh', ['-c', `chimera() { printf '%s\\0' "$@"; }\n${historyCommandLine(dataset)}`], { encoding: 'utf8' });
    expect(stdout.split('\0')).toEqual(['history', ...(dataset.startsWith('-') ? ['--'] : []), dataset, '']);
  },
);
