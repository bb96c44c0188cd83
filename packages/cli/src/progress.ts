import type { Progress } from '@chimera/shared/bus';

/** Tells a person how far it is: on a terminal one line that changes, elsewhere a line per stage. */
export type ProgressTeller = {
  tell(progress: Progress): void;
  /** a line that stays */
  note(line: string): void;
  /** what is done just now: on a terminal alone, until the next line */
  now(line: string): void;
  end(): void;
};

const WORDS: Readonly<Record<Progress['stage'], string>> = {
  found: 'found artifacts',
  reading: 'reading artifacts',
  inventory: 'inventory published',
  narrating: 'writing',
  narrated: 'written',
  printing: 'printing the report',
  printed: 'report printed',
  failed: 'failed',
};

/** `out` is standard error: results alone belong to standard output. */
export function createProgress(out: NodeJS.WriteStream): ProgressTeller {
  const live = out.isTTY === true;
  let last = '';
  const write = (line: string) => {
    if (line === last) return;
    last = line;
    out.write(live ? `\r\x1b[K${line}` : `${line}\n`);
  };
  return {
    tell({ stage, agent, done, total, note }) {
      const count = done === undefined ? '' : total === undefined ? ` ${done}` : ` ${done}/${total}`;
      // Without a terminal each count would be a line; the first and the last say enough.
      if (!live && stage === 'reading' && done !== 0 && done !== total) return;
      write(`chimera: ${agent ? `${agent}: ` : ''}${WORDS[stage]}${count}${note && stage !== 'printed' ? ` (${note})` : ''}`);
    },
    note(line) {
      out.write(live ? `\r\x1b[K${line}\n` : `${line}\n`);
      last = '';
    },
    now(line) {
      if (live) write(line);
    },
    end() {
      if (live && last !== '') out.write('\r\x1b[K');
      last = '';
    },
  };
}
