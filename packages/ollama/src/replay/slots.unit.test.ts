import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

const stays = new AbortController().signal;

describe('slots', () => {
  it('are given in order of arrival, each as one falls free', async () => {
    const slots = new Slots(2);
    const had: string[] = [];
    const take = (name: string): Promise<void> => slots.take(stays).then(() => void had.push(name));
    await Promise.all([take('a'), take('b')]);
    const [c, d] = [take('c'), take('d')];
    expect([had, slots.free, slots.waiting]).toEqual([['a', 'b'], false, 2]);
    slots.release();
    await c;
    slots.release();
    await d;
    expect(had).toEqual(['a', 'b', 'c', 'd']);
    slots.release();
    slots.release();
    expect(slots.free).toBe(true);
  });

  it('are lost to none that leaves the queue', async () => {
    const slots = new Slots(1);
    await slots.take(stays);
    const leaves = new AbortController();
    const left = slots.take(leaves.signal);
    const next = slots.take(stays);
    leaves.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    slots.release();
    await next;
    expect([slots.free, slots.waiting]).toEqual([false, 0]);
  });

  it('are not given to one that has gone before', async () => {
    const slots = new Slots(1);
    await expect(slots.take(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(slots.free).toBe(true);
  });
});
