import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedTimes, Recording } from './recorded-answer.ts';
import { isRecord } from './request.ts';

/** A folder or a file that holds no recordings; the message is a sentence that says which, and what is expected there. */
export class NoRecording extends Error {
  override name = 'NoRecording';
}

/** Reads all `.json` files of a folder, in the order of their names. Throws NoRecording, also for a folder without any. */
export async function readRecordings(folder: string): Promise<Recording[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new NoRecording(`The recordings in ${folder} cannot be read (${reason(error)}).`, { cause: error });
  });
  const found: Recording[] = [];
  for (const name of names.filter((each) => each.endsWith('.json')).toSorted()) {
    const path = join(folder, name);
    found.push(...recordingsIn(parsed(await readFile(path, 'utf8'), path), path));
  }
  if (found.length > 0) return found;
  throw new NoRecording(`${folder} holds no recordings. Give the folder transcripts/ of a report, or one with files of recorded calls.`);
}

/**
 * The recorded calls of a document: one of a report's transcripts (`{request, answer, metrics}`; none where it was not answered), or
 * `{model, calls: [{prompt, response, metrics}]}` with durations in milliseconds. `name` stands in messages. Throws NoRecording.
 */
export function recordingsIn(document: unknown, name: string): Recording[] {
  if (isRecord(document) && isRecord(document.request)) return transcript(document, document.request, name);
  if (isRecord(document) && Array.isArray(document.calls)) {
    const model = textIn(document, 'model');
    return document.calls.map((call: unknown, index) => recordedCall(call, model, `${name}, call ${index + 1}`));
  }
  throw new NoRecording(`${name} is no recording: neither "request" and "answer" nor "calls" stand in it.`);
}

function transcript(document: Record<string, unknown>, request: Record<string, unknown>, name: string): Recording[] {
  const { answer } = document;
  if (typeof answer !== 'string' || answer === '') return [];
  if (!Array.isArray(request.messages)) throw new NoRecording(`${name} is no recording: its request has no list of messages.`);
  const messages = request.messages.filter(isRecord).map((each) => ({ role: textIn(each, 'role'), content: textIn(each, 'content') }));
  const metrics = isRecord(document.metrics) ? document.metrics : {};
  const ms = (field: string): number | null => scaled(numberIn(metrics, field), 1_000);
  const times = timesOf({
    loadMs: ms('loadSeconds'),
    promptMs: ms('promptEvalSeconds'),
    outputMs: ms('evalSeconds'),
    firstTokenMs: ms('timeToFirstTokenSeconds'),
    totalMs: ms('totalSeconds') ?? ms('wallSeconds'),
  });
  const counts = { promptTokens: numberIn(metrics, 'promptTokens'), outputTokens: numberIn(metrics, 'outputTokens') };
  const doneReason = textIn(metrics, 'doneReason') || 'stop';
  const thinking = textIn(document, 'thinking');
  return [{ model: textIn(request, 'model'), messages, answer: { text: answer, thinking, times, doneReason, ...counts } }];
}

function recordedCall(call: unknown, model: string, name: string): Recording {
  if (!isRecord(call) || typeof call.prompt !== 'string' || typeof call.response !== 'string')
    throw new NoRecording(`${name} is no recorded call: it needs the texts "prompt" and "response".`);
  const metrics = isRecord(call.metrics) ? call.metrics : {};
  const times = timesOf({
    loadMs: numberIn(metrics, 'load_duration_ms'),
    promptMs: numberIn(metrics, 'prompt_eval_duration_ms'),
    outputMs: numberIn(metrics, 'eval_duration_ms'),
    firstTokenMs: numberIn(metrics, 'ttft_ms'),
    totalMs: numberIn(metrics, 'total_duration_ms'),
  });
  const counts = { promptTokens: null, outputTokens: numberIn(metrics, 'tokens_generated') };
  const messages = [{ role: 'user', content: call.prompt }];
  return { model, messages, answer: { text: call.response, thinking: '', times, doneReason: 'stop', ...counts } };
}

/** Fills in what can be told from the rest; null without a duration of the output. */
function timesOf(given: { [Name in keyof RecordedTimes]: number | null }): RecordedTimes | null {
  const { outputMs } = given;
  if (outputMs === null) return null;
  const loadMs = given.loadMs ?? 0; // Ollama leaves a zero out
  const promptMs = given.promptMs ?? 0;
  const totalMs = Math.max(given.totalMs ?? 0, loadMs + promptMs + outputMs);
  const firstTokenMs = Math.min(Math.max(given.firstTokenMs ?? 0, loadMs + promptMs), totalMs);
  return { loadMs, promptMs, outputMs, firstTokenMs, totalMs };
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NoRecording(`${path} is no recording: it is no JSON (${reason(error)}).`, { cause: error });
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function textIn(value: Record<string, unknown>, field: string): string {
  const text = value[field];
  return typeof text === 'string' ? text : '';
}

function numberIn(value: Record<string, unknown>, field: string): number | null {
  const number = value[field];
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}

const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
