export * from '../trace/mod.ts';
export {
  CommonSettings,
  ConfigurationError,
  folderOrS3,
  isSecret,
  NatsSettings,
  type NatsValues,
  natsLogin,
  OllamaSettings,
  ollamaUrl,
  ollamaUrls,
  ProfileSettings,
  parseSettings,
} from './config.ts';
export { HttpRefused, serveHttp } from './http.ts';
export { createLogger, type Logger } from './log.ts';
export { type Loop, startLoop } from './loop.ts';
export { METRIC_TABLE, type MetricName } from './metric-names.ts';
export { createMetrics, deliveryObserver, type GaugeName, type Metrics, noMetrics, OTHER, sampleQueues } from './metrics.ts';
export { type CommonValues, runService } from './process.ts';
export { configuredProfile } from './profile.ts';
export { fileVariable, SECRETS, shown } from './secrets.ts';
export { type Dependencies, lifeless, type Service } from './service.ts';
export { VERSION } from './version.ts';
