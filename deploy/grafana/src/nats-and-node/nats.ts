import type { RowSpec } from '../panel.ts';
import { grown } from '../query.ts';
import { LIMIT, NAMED, OF, USED } from './series.ts';

/** Whether NATS has room, and connections hold. */
export const nats: RowSpec = {
  title: 'NATS',
  panels: [
    {
      kind: 'lines',
      title: 'Storage against its limit',
      shows: "What Chimera's account of NATS holds on disk, and what it may hold where the account has a limit.",
      well: 'Far below the limit, and level: events leave after seven days.',
      act: 'At the limit nothing can be published any more, and the bucket is only looked at. Give it more, or see which stream grows.',
      alerts: ['ChimeraNatsDiskFills'],
      unit: 'bytes',
      queries: [
        { expr: USED, legend: 'held' },
        { expr: LIMIT, legend: 'limit' },
      ],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Bytes, by stream',
      shows: 'Bytes held by each of the three streams, by all KV buckets and by the object store.',
      well: 'Small: messages carry references, blobs lie elsewhere.',
      act: 'The object store grows where CHIMERA_BLOBS=nats: keep blobs in a folder or in S3 instead, or remove old ones.',
      unit: 'bytes',
      queries: [{ expr: 'max by (stream) (chimera_stream_bytes)', legend: '{{stream}}' }],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Messages, by stream',
      shows:
        'Messages held by each of the three streams, by all KV buckets and by the object store. Those of chimera_dead are the dead letters.',
      well: 'chimera_work at zero at rest, chimera_dead at zero.',
      act: 'chimera_work that only grows has no workers.',
      unit: 'short',
      queries: [{ expr: 'stream:chimera_stream_messages:max', legend: '{{stream}}' }],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Connections lost and back',
      shows: 'Times in the ten minutes before that a service lost its connection to NATS, and had it again.',
      well: 'None. Where one is lost, one comes back.',
      act: 'Lost and not back: see Readiness in the pipeline, and whether NATS runs.',
      unit: 'short',
      queries: [
        { expr: grown('chimera_nats_disconnects_total', ['service'], OF), legend: '{{service}} lost' },
        { expr: grown('chimera_nats_reconnects_total', ['service'], OF), legend: '{{service}} back' },
      ],
      width: 12,
    },
    {
      kind: 'states',
      title: 'Bucket watched',
      shows: 'Whether changes in the bucket are told as they happen, or the bucket is only looked at again and again.',
      well: 'Told, on a local file system.',
      act: 'Looked at: a network file system, or too many folders for the kernel. Reports come all the same, a look later.',
      unit: 'short',
      queries: [{ expr: 'max by (service, instance) (chimera_bucket_watched)', legend: NAMED }],
      width: 12,
      steps: [
        { from: null, color: 'yellow' },
        { from: 1, color: 'green' },
      ],
      words: { 0: { text: 'looked at', color: 'yellow' }, 1: { text: 'told', color: 'green' } },
    },
  ],
};
