// Plants faults into a copy of the sources, one at a time, and runs the simulator on it: each must be found.
//   npm run simulate:faults
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PLANTED, type PlantedFault } from './planted.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCHEDULES = 2_000;

/** A copy of the sources in a temporary folder, which finds the same dependencies. */
export function copySources(): string {
  const copy = mkdtempSync(join(tmpdir(), 'chimera-planted-'));
  for (const name of ['packages', 'services', 'test/simulator', 'package.json', 'tsconfig.base.json'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@chimera'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@chimera' && !name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  for (const kind of ['packages', 'services'])
    for (const name of readdirSync(join(copy, kind))) symlinkSync(join(copy, kind, name), join(modules, '@chimera', name));
  return copy;
}

/** Runs the simulator on a copy with a fault in it; returns what it said last. Throws where the code to be changed is not there any more. */
export async function findPlanted(copy: string, fault: PlantedFault, schedules = SCHEDULES): Promise<{ found: boolean; said: string }> {
  const path = join(copy, fault.file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(fault.code).length !== 2)
    throw new Error(`${fault.file} does not hold, exactly once, the code that "${fault.name}" changes: mend test/simulator/planted.ts.`);
  writeFileSync(
    path,
    whole.replace(fault.code, () => fault.becomes),
  );
  try {
    return await new Promise((resolve) => {
      const program = [join(copy, 'test/simulator/main.ts'), '--schedules', String(schedules), '--enough', '1'];
      // What is compiled of a copy is of no use to anybody else.
      const env = { ...process.env, NODE_COMPILE_CACHE: join(copy, '.compiled') };
      execFile(process.execPath, ['--disable-warning=ExperimentalWarning', ...program], { cwd: copy, env }, (error, stdout, stderr) => {
        const said = stdout.trim().split('\n')[0] ?? '';
        resolve({ found: error !== null && /^seed \d+: /.test(said), said: said || stderr.trim().split('\n').slice(-3).join(' ') });
      });
    });
  } finally {
    writeFileSync(path, whole);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const copy = copySources();
  try {
    for (const fault of PLANTED) {
      const { found, said } = await findPlanted(copy, fault);
      console.log(`${found ? 'found' : 'NOT FOUND'}: ${fault.name}\n  ${fault.file}\n  ${said}`);
      if (!found) process.exitCode = 1;
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
