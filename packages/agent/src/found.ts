import type { ModelFound } from '@chimera/shared/domain';
import type { Lane } from './servers/pool.ts';
import type { PooledServer } from './servers/pooled-server.ts';

type Asked = Pick<Lane, 'slots' | 'digest'> & { server: Pick<PooledServer, 'spec' | 'version' | 'knownInfo' | 'loaded'> };

/** The model as a server has it: by what it told of it, and while it was loaded. */
export function modelFound({ server, slots, digest }: Asked, model: string): ModelFound {
  const info = server.knownInfo(model);
  const loaded = server.loaded(model);
  // The output layer can be put on a GPU beside the blocks.
  const layers = info?.blocks === null || info?.blocks === undefined ? null : info.blocks + 1;
  const share = loaded?.size && loaded.sizeVram !== null ? loaded.sizeVram / loaded.size : null;
  return {
    server: server.spec.url,
    model,
    digest: loaded?.digest ?? digest,
    serverVersion: server.version?.version ?? null,
    replay: server.version?.replay ?? false,
    quantization: info?.quantization ?? null,
    parameterSize: info?.parameterSize ?? null,
    context: loaded?.contextLength ?? null,
    trainedContext: info?.trainedContext ?? null,
    layers,
    layersOnGpu: layers === null || share === null ? null : Math.round(Math.min(1, share) * layers),
    size: loaded?.size ?? null,
    sizeVram: loaded?.sizeVram ?? null,
    slots,
  };
}
