import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Makes an executable `nvidia-smi` that tells of one card at work; returns the folder, for the PATH. */
export function fakeNvidiaSmi(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'nvidia-smi');
  writeFileSync(path, '#!/bin/sh\necho "0, GPU-6f1c, 87, 8192, 24576, 231.50"\n');
  chmodSync(path, 0o755);
  return folder;
}

/** An HTTP server that answers as a DCGM exporter does. */
export type Exporter = { address: string; close(): Promise<void> };

/** `names`: those of before 4.9.0 (percent, MiB, mJ), or those since (ratios, bytes, joules). */
export async function startDcgm(names: 'older' | 'newer'): Promise<Exporter> {
  let asked = 0;
  const server = createServer((_, response) => {
    // An energy counter that moves: by it a reader knows that the others were measured anew.
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposition(names, ++asked));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function exposition(names: 'older' | 'newer', asked: number): string {
  const labels = (gpu: number) => `gpu="${gpu}",UUID="GPU-${names}-${gpu}",device="nvidia${gpu}",modelName="NVIDIA L4"`;
  const metric = (name: string, type: string, help: string, values: number[]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map((value, gpu) => `${name}{${labels(gpu)}} ${value}`),
  ];
  const lines =
    names === 'older'
      ? [
          metric('DCGM_FI_DEV_GPU_UTIL', 'gauge', 'GPU utilization (in %).', [91, 12]),
          metric('DCGM_FI_DEV_FB_USED', 'gauge', 'Framebuffer memory used (in MiB).', [7_168, 512]),
          metric('DCGM_FI_DEV_POWER_USAGE', 'gauge', 'Power draw (in W).', [68.5, 21.25]),
          metric('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'counter', 'Total energy consumption since boot (in mJ).', [
            1_000 * asked,
            300 * asked,
          ]),
        ]
      : [
          metric('DCGM_FI_DEV_GPU_UTIL_RATIO', 'gauge', 'GPU utilization (0 to 1).', [0.5]),
          metric('DCGM_FI_DEV_FB_USED_BYTES', 'gauge', 'Framebuffer memory used (in bytes).', [4_294_967_296]),
          metric('DCGM_FI_DEV_BOARD_POWER_WATTS', 'gauge', 'Power draw (in W).', [44]),
        ];
  return `${lines.flat().join('\n')}\n`;
}
