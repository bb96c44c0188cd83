/** The environment in which the image starts a service (deploy/image/entrypoint.sh). */
export function asService(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '--max-old-space-size-percentage=75 --max-semi-space-size=64' };
}
