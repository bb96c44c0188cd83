import { type Bus, subjectToken } from '@chimera/shared/bus';
import { SLOT_SUBJECTS, type Slot, type SlotDesk } from './slot-desk.ts';

/** How long a slot that nobody else waits for stays with its process once it is given back. */
const LINGER_MS = 50;

/**
 * Keeps a slot that is given back for a moment, where no other process is known to wait for it: whoever takes it next here need not
 * ask NATS, and begins at once. One that is asked for elsewhere meanwhile is given back then and there.
 */
export function lingeringSlots(desk: SlotDesk, bus: Bus, me: string, lingerMs = LINGER_MS): SlotDesk {
  const idle = new Set<Slot>();
  const wanted = new Set<string>();
  const mine = subjectToken(me);
  const listeners = new Set<() => void>();
  const off = bus.listen(SLOT_SUBJECTS.wanted, (subject) => {
    const [, , , , server = '', who = ''] = subject.split('.');
    if (who === mine) return;
    wanted.add(server);
    for (const slot of idle) if (slot.server === server) void giveBack(slot);
  });

  async function giveBack(slot: Slot): Promise<void> {
    if (!idle.delete(slot)) return;
    wanted.delete(slot.server);
    await slot.release();
  }

  function lent(slot: Slot): Slot {
    let over = false;
    return {
      ...slot,
      held: () => !over && slot.held(),
      async release() {
        if (over) return;
        over = true;
        idle.add(slot);
        if (wanted.has(slot.server) || !slot.held()) return giveBack(slot);
        void bus.clock.sleep(lingerMs).then(() => giveBack(slot));
        for (const listener of [...listeners]) listener();
      },
    };
  }

  return {
    async take(server, count) {
      for (const slot of idle) {
        if (slot.server !== server || slot.index >= count || !slot.held()) continue;
        idle.delete(slot);
        return lent(slot);
      }
      const slot = await desk.take(server, count);
      return slot && lent(slot);
    },
    onFreed(listener) {
      listeners.add(listener);
      const end = desk.onFreed(listener);
      return () => {
        listeners.delete(listener);
        end();
      };
    },
    async close() {
      off();
      listeners.clear();
      await Promise.all([...idle].map(giveBack));
      await desk.close();
    },
  };
}
