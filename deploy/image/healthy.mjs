// Ends with 0 when the service of this container is ready, else with 1 and the reason. The image needs no curl for it.
// With an argument: when that URL answers with success.
const SERVICE_PORTS = [8601, 8602, 8603, 8604];
const url = process.argv[2];
const port = process.env.CHIMERA_HTTP_PORT;
const readyz = (/** @type {number | string} */ of) => `http://127.0.0.1:${of}/readyz`;
// One service runs in a container: whichever of the default ports answers is its own.
const asked = url ? [url] : port ? [readyz(port)] : SERVICE_PORTS.map(readyz);
const answers = await Promise.all(asked.map(ask));
const answer = answers.find((one) => one.answered) ?? answers[0];
if (!answer?.ready) {
  process.stderr.write(`${answer?.text}\n`);
  process.exitCode = 1;
}

/** @param {string} url */
async function ask(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
    return { answered: true, ready: response.ok, text: await response.text() };
  } catch (error) {
    return { answered: false, ready: false, text: `${url} does not answer: ${/** @type {Error} */ (error).message}` };
  }
}
