/** A fault that is planted to see whether the simulator finds it: in a file, some code becomes other code. */
export type PlantedFault = { name: string; file: string; code: string; becomes: string };

/** Faults that a tired person might make; most are found within the first few hundred schedules, and each within two thousand. */
export const PLANTED: readonly PlantedFault[] = [
  {
    name: 'an early ack: a message is acknowledged before it is handled',
    file: 'packages/shared/src/bus/handling.ts',
    code: 'ending = await handled(options, consumer, message, signal);',
    becomes: 'await message.acknowledge(); ending = await handled(options, consumer, message, signal);',
  },
  {
    name: 'a missing id: messages go out without Nats-Msg-Id',
    file: 'packages/shared/src/bus/publish.ts',
    code: 'id: contract.id(valid),',
    becomes: "id: '',",
  },
  {
    name: 'a lost lease: who lost it writes all the same',
    file: 'packages/shared/src/store/current.ts',
    code: 'if (fence.token < leastToken(now, fence.holder))',
    becomes: 'if (false)',
  },
  {
    name: 'a lease that nobody asks for: every process takes the dataset in',
    file: 'services/ingest/src/desk.ts',
    code: 'memory.standby = token === null;',
    becomes: 'if (token === null) return memory.fence ?? 1; memory.standby = false;',
  },
  {
    name: 'a report that is written before it is committed: of two reporters both print',
    file: 'packages/shared/src/store/join.ts',
    code: 'if (event.revision !== join.printed.revision + 1 || !sameAnalyses(event.analyses, analysesOf(join))) return null;',
    becomes: '',
  },
  {
    name: 'an analysis that is told of before it is stored',
    file: 'packages/agent/src/worker.ts',
    code: 'const blob = await putJson(deps.blobs, analysis);',
    becomes: 'const blob = contentHash(analysis); setTimeout(() => void putJson(deps.blobs, analysis).catch(() => undefined), 0);',
  },
  {
    name: 'no reconciling: an agent plans by events alone',
    file: 'packages/agent/src/planner.ts',
    code: 'if (mine === undefined) return;\n    const attemptOf',
    becomes: 'if (mine === undefined || profile !== undefined) return;\n    const attemptOf',
  },
  {
    name: 'a file that is not looked at again after it was read',
    file: 'test/simulator/folder.ts',
    code: "await look('look again at');",
    becomes: '',
  },
];
