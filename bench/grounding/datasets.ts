import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Chance, chanceFrom } from '../../test/simulator/chance.ts';

const FAMILIES = ['llama3.1', 'qwen2.5', 'gemma3', 'mistral-nemo', 'phi4', 'granite3', 'falcon3', 'olmo2'];
const SIZES = ['1b', '3b', '7b', '8b', '12b', '14b', '32b', '70b'];
const QUANTS = ['q4_K_M', 'q5_K_M', 'q6_K', 'q8_0', 'fp16'];
const DAY_MS = 86_400_000;

type Writing = { write: (path: string, text: string) => void; shape: Chance; value: Chance };

/**
 * Writes a dataset of made-up benchmark files. The shape (models, settings, names, times) follows from `seed` alone, the numbers from
 * `seed` and `run`: two runs of one seed are a dataset and a former state of it.
 */
export function layDataset(folder: string, seed: number, run: number): void {
  const shape = chanceFrom(seed);
  const value = chanceFrom(seed * 7_919 + run * 104_729 + 1);
  const start = Date.UTC(2026, shape.below(10), 1 + shape.below(27), shape.below(24), shape.below(60), shape.below(60));
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    const at = new Date(start + Math.floor(shape.between(0, 70)) * DAY_MS + shape.below(86_400) * 1_000);
    utimesSync(file, at, at);
  };
  const writing = { write, shape, value };
  const models = someOf(FAMILIES, 3, shape).map((family) => `${family}-${shape.pick(SIZES)}`);
  writeSweeps(writing, models);
  writeServing(writing, models);
  writePower(writing, models);
  writeBackends(writing, models);
  writeRequests(writing);
  writeNotes(writing, models);
}

function someOf<T>(items: readonly T[], n: number, chance: Chance): T[] {
  const left = [...items];
  return Array.from({ length: Math.min(n, left.length) }, () => left.splice(chance.below(left.length), 1)).flat();
}

function noisy(base: number, spread: number, chance: Chance): number {
  return base * (1 + (chance.next() + chance.next() - 1) * spread);
}

function times<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

/** One file a sweep: models × quantizations × settings, five to eight runs each, some failed. */
function writeSweeps({ write, shape, value }: Writing, models: readonly string[]): void {
  for (const name of someOf(['sweep', 'tuning', 'param_search', 'baseline'], 2, shape)) {
    const rows: string[] = [];
    const runs = 5 + shape.below(4);
    const quants = someOf(QUANTS, 2, shape);
    const contexts = shape.of(0.5) ? [4096] : [2048, 8192];
    let failures = 1 + shape.below(3);
    for (const model of models)
      for (const quant of quants)
        for (const ctx of contexts) {
          const [ttft, rate, load, memory] = [
            value.between(0.08, 1.6),
            value.between(12, 240),
            value.between(0.2, 4),
            value.between(2_100, 39_000),
          ];
          for (let run = 1; run <= runs; run++)
            rows.push(
              [
                model,
                quant,
                ctx,
                run,
                noisy(ttft, 0.15, value).toFixed(4),
                noisy(rate, 0.06, value).toFixed(2),
                noisy(load, 0.2, value).toFixed(3),
                noisy(memory, 0.01, value).toFixed(0),
                '',
              ].join(','),
            );
          if (failures-- > 0) rows.push([model, quant, ctx, runs + 1, '', '', '', '', 'out of memory'].join(','));
        }
    write(`ollama/${name}.csv`, `model,quantization,num_ctx,run,ttft_s,tokens_s,load_s,peak_memory_mib,error\n${rows.join('\n')}\n`);
  }
}

/** What `vllm bench serve` writes: one file a model and rate. */
function writeServing({ write, shape, value }: Writing, models: readonly string[]): void {
  for (const model of models.slice(0, 2))
    for (const rate of someOf([1, 2, 4, 8, 16, 32], 2, shape)) {
      const [completed, tpot, seconds] = [shape.pick([200, 400, 1000]), value.between(6, 60), value.between(25, 300)];
      const output = completed * 256;
      const latency = (name: string, base: number) => ({
        [`mean_${name}_ms`]: noisy(base, 0.05, value),
        [`median_${name}_ms`]: noisy(base * 0.92, 0.03, value),
        [`std_${name}_ms`]: base * value.between(0.05, 0.3),
        [`p99_${name}_ms`]: base * value.between(1.6, 3.5),
      });
      const document = {
        date: `2026${String(10 + shape.below(2))}${String(10 + shape.below(18))}-${100_000 + shape.below(59)}`,
        endpoint_type: 'openai',
        backend: 'openai',
        model_id: model,
        tokenizer_id: model,
        num_prompts: completed,
        request_rate: rate,
        burstiness: 1,
        max_concurrency: null,
        duration: seconds,
        completed,
        failed: 0,
        total_input_tokens: completed * 1024,
        total_output_tokens: output,
        request_throughput: completed / seconds,
        output_throughput: output / seconds,
        total_token_throughput: (output + completed * 1024) / seconds,
        ...latency('ttft', value.between(40, 900)),
        ...latency('tpot', tpot),
        ...latency('itl', tpot * 0.97),
      };
      write(`vllm/serve_${model}_rate${rate}.json`, JSON.stringify(document));
    }
}

/** Single requests at several concurrencies: enough of them for a p95. */
function writeRequests({ write, shape, value }: Writing): void {
  const rows = someOf([1, 2, 4, 8, 16, 32], 3, shape).flatMap((concurrency) => {
    const [ttft, latency] = [value.between(60, 900), value.between(1_500, 9_000)];
    return times(24, (i) => [concurrency, i + 1, noisy(ttft, 0.3, value).toFixed(1), noisy(latency, 0.3, value).toFixed(1)].join(','));
  });
  write(`telemetry/${shape.pick(['requests', 'load_test', 'trace'])}.csv`, `concurrency,request,ttft_ms,latency_ms\n${rows.join('\n')}\n`);
}

function writePower({ write, shape, value }: Writing, models: readonly string[]): void {
  const rows = models.flatMap((model) => {
    const [watts, joules, load] = [value.between(60, 420), value.between(900, 9_000), value.between(55, 99)];
    return times(6, () =>
      [model, noisy(watts, 0.05, value).toFixed(1), noisy(joules, 0.05, value).toFixed(1), noisy(load, 0.01, value).toFixed(1)].join(','),
    );
  });
  write(
    `telemetry/power_${shape.pick(['a100', 'h100', 'l40s', 'rtx4090'])}.csv`,
    `model,power_w,energy_j,gpu_utilization_percent\n${rows.join('\n')}\n`,
  );
}

function writeBackends({ write, value }: Writing, models: readonly string[]): void {
  for (const model of models.slice(0, 2)) {
    const results = ['eager', 'compiled', 'tensorrt', 'onnx'].map((backend) => {
      const mean = value.between(4, 90);
      const success = backend !== 'onnx';
      return {
        backend,
        success,
        error: success ? null : 'engine build failed',
        runs: success ? 50 : 0,
        mean_time_ms: success ? mean : 0,
        p95_time_ms: success ? mean * value.between(1.08, 1.4) : 0,
      };
    });
    write(`backends/decode_${model}.json`, JSON.stringify({ model, batch_size: 1, results }, null, 2));
  }
  const rows = ['vllm', 'sglang', 'llama-server'].flatMap((engine) => {
    const base = value.between(1.5, 60);
    return times(5, (i) => `${engine},${i + 1},${noisy(base, 0.1, value).toFixed(2)}`);
  });
  write('backends/cold_starts.csv', `engine,attempt,startup_s\n${rows.join('\n')}\n`);
}

function writeNotes({ write, shape }: Writing, models: readonly string[]): void {
  for (const [i, model] of models.entries()) {
    write(`notes/${model}.md`, `# Notes on ${model}\n\n${'Nothing out of the ordinary was seen. '.repeat(5 + shape.below(40))}\n`);
    if (i > 0) write(`logs/server-${i}.txt`, `${'server: idle\n'.repeat(20 + shape.below(90))}`);
  }
  const jsonl = times(4 + shape.below(9), (i) => JSON.stringify({ event: 'probe', sequence: i, note: 'up' }));
  write('logs/probes.jsonl', `${jsonl.join('\n')}\n`);
  const copy = 'model,quality\nnone,0.5\nother,0.25\n';
  write('quality/scores.csv', copy);
  write('quality/scores-again.csv', copy);
  write('tools/profile.csv', 'Error: the profiler could not read the counters (permission denied).\n');
}
