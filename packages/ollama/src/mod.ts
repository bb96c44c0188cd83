export type { ChatHooks, ChatProgress, ChatResult } from './chat.ts';
export type { ChatMessage, ChatOptions, ChatRequest, Think } from './chat-request.ts';
export { createOllamaClient, type OllamaClient, type OllamaClientConfig } from './client.ts';
export type { Timeouts } from './clocks.ts';
export { FAILURES, type FailureCode, OllamaFailure, type Retry } from './failure.ts';
export { type FoundModel, findModel, type ServerModels } from './find-model.ts';
export {
  createGpuSampler,
  findGpuSource,
  type GpuSampler,
  type GpuSource,
  tokensPerJoule,
} from './gpu/mod.ts';
export type { LoadRequest } from './load.ts';
export type { ChatMetrics, TokenGaps } from './metrics.ts';
export { fullModelName, sameModel } from './model-name.ts';
export { type Behaviour, type BehaviourScript, FAULTS, type Fault, type PlainBehaviour } from './replay/behaviour.ts';
export type { CallEnd, RecordedCall } from './replay/call-log.ts';
export type { Jitter } from './replay/jitter.ts';
export type { ReplayModel } from './replay/models.ts';
export { type Rates, rateAt, type TokenRate } from './replay/rates.ts';
export type { RecordedAnswer, RecordedTimes, Recording } from './replay/recorded-answer.ts';
export { type Otherwise, recordedScript } from './replay/recorded-script.ts';
export { NoRecording, readRecordings, recordingsIn } from './replay/recordings.ts';
export { OUT_OF_MEMORY_TEXTS } from './replay/refusal.ts';
export type { ReplayRequest } from './replay/request.ts';
export { InvalidScript, ruleScript, type ScriptRule, scriptRules } from './replay/script-file.ts';
export { REPLAY_VERSION, type ReplayServer, type ReplayServerConfig, startReplayServer } from './replay/server.ts';
export { type ReplayTimers, realTimers } from './replay/timers.ts';
export type { InstalledModel, LoadedModel, ModelInfo, ServerVersion } from './server-info.ts';
export { type ServerAddress, serverAddress } from './server-url.ts';
export { estimatePromptTokens, estimateTokens } from './token-estimate.ts';
