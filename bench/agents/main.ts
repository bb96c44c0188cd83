// Measures the agents: a report at recorded rates, many servers against one, and what faults cost.
//   npm run bench:agents [-- report|scale|faults|memory]
import { natsServers } from '../../test/support/nats.ts';
import { benchArtifacts } from '../artifacts.ts';
import { machine } from '../small-artifacts.ts';
import { measureFaults } from './faults.ts';
import { measureMemory } from './memory.ts';
import { measureReports } from './report.ts';
import { measureScale } from './scale.ts';

const SERVERS = Number(process.argv[3] ?? 16);
/** 9 calls each: 1,008 on 16 servers */
const EACH = 7;
const MEMORY_DATASETS = 125;
const KILL_EVERY_MS = 4_000;

const wanted = process.argv[2];
const binaries = await natsServers();
const binary = binaries.at(-1);
if (binary === undefined) throw new Error('There is no nats-server: run npm run setup first.');
const say = (line: string) => process.stdout.write(`${line}\n`);
say(machine());

if (wanted === undefined || wanted === 'report') {
  const { folder, what } = benchArtifacts();
  say(`\nA two-agent report over ${what}; 98 tok/s with one busy slot, 41 each with two; load 0.5 s, prompt 0.8 s.`);
  say('| run | report | publication to report | server | ours | calls | tokens | at once |\n|---|---|---|---|---|---|---|---|');
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  let slots = '';
  for (let run = 1; run <= 3; run++)
    for (const [i, one] of (await measureReports(binary, folder)).entries()) {
      const ours = `${one.oursMs.toFixed(0)} ms (${one.beginMs.toFixed(0)} before the first call, ${one.endMs.toFixed(0)} after the last)`;
      const which = i === 0 ? 'first of its processes' : 'second';
      say(
        `| ${run} | ${which} | ${seconds(one.totalMs)} | ${seconds(one.serverMs)} | ${ours} | ${one.calls} | ${one.tokens} | ${one.atOnce} |`,
      );
      slots = one.slots;
    }
  say(`Asked: 15 s, of which 200 ms ours. Found out: ${slots}.`);
}

if (wanted === undefined || wanted === 'scale') {
  say(
    `\n${SERVERS} replay servers and as many workers against one, ${EACH} analyses of nine sections a server after two to warm up; 98 tok/s, prompt 0.8 s.`,
  );
  const { one, many, efficiency } = await measureScale(binary, SERVERS, EACH);
  say('| servers | calls | calls a second and server | free slot to call, median | p95 |\n|---|---|---|---|---|');
  for (const [servers, pace] of [
    [1, one],
    [SERVERS, many],
  ] as const)
    say(`| ${servers} | ${pace.calls} | ${pace.perServer.toFixed(4)} | ${pace.p50Ms.toFixed(1)} ms | ${pace.p95Ms.toFixed(1)} ms |`);
  say(`Efficiency ${efficiency.toFixed(3)} (asked 0.95).`);
}

if (wanted === undefined || wanted === 'faults') {
  say(`\nThe same, a worker killed every ${KILL_EVERY_MS / 1_000} s and one server hung.`);
  const found = await measureFaults(binary, SERVERS, EACH * SERVERS, KILL_EVERY_MS);
  say(
    '| kills | analyses | lost | doubled | calls | generated again | on the hung server | healthy slots used |\n|---|---|---|---|---|---|---|---|',
  );
  say(
    `| ${found.kills} | ${found.completed} | ${found.lost} | ${found.doubled} | ${found.calls} | ${found.extra} | ${found.onHung} | ${found.used.toFixed(3)} |`,
  );
}

if (wanted === undefined || wanted === 'memory') {
  say('\nOne worker and a thousand calls of a quick server: heap in use, least of a quarter of the run, and what is open.');
  const { calls, before, after, openBefore, openAfter } = await measureMemory(binary, MEMORY_DATASETS);
  const mega = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  say(`| calls | second quarter | last quarter | open, then | open, at the end |\n|---|---|---|---|---|`);
  say(`| ${calls} | ${mega(before)} | ${mega(after)} | ${openBefore} | ${openAfter} |`);
}
