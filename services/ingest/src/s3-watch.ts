import type { Bus } from '@chimera/shared/bus';
import type { WatchState } from './folder-watch.ts';

/**
 * Hears of changes in a bucket in S3, where whoever runs it publishes them to NATS. Any message means "look now" and nothing
 * else: it may be lost, late, doubled or forged, so what there is only a listing says, which goes on in any case.
 */
export function watchS3(options: {
  bus: Pick<Bus, 'listen'>;
  subject: string;
  /** how often it is listed anyway */
  everySeconds: number;
  onHint: () => void;
}): { state(): WatchState; stop(): Promise<void> } {
  const { bus, subject, everySeconds } = options;
  const end = bus.listen(subject, () => options.onHint());
  const reason = `S3 is listed every ${everySeconds} s, and when a message comes on ${subject}.`;
  return {
    state: () => ({ mode: 'polling', reason }),
    async stop() {
      end();
    },
  };
}
