import type { ChatRequest } from '@chimera/ollama';
import { Sha256 } from '@chimera/shared/domain';
import { BlobDamaged, BlobMissing, type Blobs, contentHash, getJson, putJson } from '@chimera/shared/store';
import { z } from 'zod';

const seconds = z.number().nullable();
const Gaps = z.object({ n: z.int().positive(), median: z.number(), p95: z.number(), max: z.number() });

/** What is kept of each call: what was asked, word for word, and what came of it. `answer` is null where none came. */
export const Transcript = z.object({
  server: z.string(),
  request: z.looseObject({ model: z.string(), messages: z.array(z.looseObject({ role: z.string(), content: z.string() })) }),
  answer: z.string().nullable(),
  thinking: z.string(),
  /** why there is no answer: code and sentence */
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  metrics: z
    .object({
      startedAt: z.number(),
      timeToFirstTokenSeconds: seconds,
      wallSeconds: z.number(),
      queueSeconds: seconds,
      loadSeconds: seconds,
      promptEvalSeconds: seconds,
      evalSeconds: seconds,
      totalSeconds: seconds,
      promptTokens: z.number().nullable(),
      outputTokens: z.number().nullable(),
      outputTokensPerSecond: z.number().nullable(),
      gaps: Gaps.nullable(),
      doneReason: z.string().nullable(),
    })
    .nullable(),
  digest: z.string().nullable(),
  serverVersion: z.string().nullable(),
  /** tokens of context in force while it answered */
  context: z.number().nullable().default(null),
  replay: z.boolean(),
});
export type Transcript = z.infer<typeof Transcript>;

/** A transcript with an answer, and the blob it is. */
export type StoredAnswer = { id: string; transcript: Transcript & { answer: string; metrics: NonNullable<Transcript['metrics']> } };

/**
 * The answers that models have given, by what they were asked: nothing is generated twice. They live in the blob store, so that
 * they survive whatever NATS forgets.
 */
export type Generations = {
  /** The answer that was given to this question by a model of this digest, or null. */
  find(key: string): Promise<StoredAnswer | null>;
  keep(key: string, transcript: string): Promise<void>;
};

/** What an answer is stored under: the hash of prompt, form, options and the model's digest. */
export function generationKey(request: ChatRequest, digest: string): string {
  const { messages, format, options, think } = request;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return contentHash({ digest, messages, format: format ?? null, options: given, think: think ?? null });
}

/** The stored answers of a blob store. One that is damaged or gone counts as never given. */
export function storedGenerations(blobs: Blobs): Generations {
  return {
    async find(key) {
      const id = await blobs.named(`generation-${key}`);
      if (id === null || !Sha256.safeParse(id).success) return null;
      const transcript = await getJson(blobs, id, Transcript).catch((error: unknown) => {
        if (error instanceof BlobMissing || error instanceof BlobDamaged || error instanceof z.ZodError) return null;
        throw error;
      });
      if (transcript === null) return null;
      const { answer, metrics } = transcript;
      return answer === null || metrics === null ? null : { id, transcript: { ...transcript, answer, metrics } };
    },
    keep: (key, transcript) => blobs.name(`generation-${key}`, transcript),
  };
}

/** Stores a transcript; returns its blob. */
export function keepTranscript(blobs: Blobs, transcript: Transcript): Promise<string> {
  return putJson(blobs, transcript);
}
