import type { FailureCode } from '@chimera/ollama';
import type { Call } from '@chimera/shared/domain';
import type { Prompt } from './prompt.ts';

/** One thing to ask a model. `estimate` and `numPredict` in tokens; `usable`: whether an answer can be read. */
export type Question = {
  section: string;
  repair: boolean;
  prompt: Prompt;
  schema: object;
  estimate: number;
  numPredict: number;
  usable: (text: string) => boolean;
};

/** What a model answered; `call` stands in the session's list, where its outcome may still be corrected. */
export type Answer = { text: string; doneReason: string | null; call: Call };

/** A question without an answer. `gone`: asking that server or model anything else now makes no sense. */
export class AskFailed extends Error {
  override name = 'AskFailed';
  readonly gone: boolean;
  readonly code: FailureCode | 'out_of_time' | 'no_server';
  constructor(message: string, code: FailureCode | 'out_of_time' | 'no_server', gone: boolean, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.gone = gone;
  }
}

/** No model can be asked at all; the message says why. */
export class NoModel extends Error {
  override name = 'NoModel';
}
