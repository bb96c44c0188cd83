import { startReplayServer } from '@chimera/ollama';

// The Ollama of a node in a test, as a process of its own: prints its URL, then a line for each call that reached it.
const { url } = await startReplayServer({
  port: 11_434,
  behaviour: (_, index) => {
    process.stdout.write(`call ${index}\n`);
    return { kind: 'well-behaved' };
  },
});
process.stdout.write(`${url}\n`);
