/**
 * Writes pieces of text to a stream, no faster than whoever reads them takes them. Ends quietly where nobody reads any more, as
 * with `| head`; throws any other fault of the stream.
 */
export async function writePieces(stream: NodeJS.WritableStream, pieces: AsyncIterable<string>): Promise<void> {
  let gone = false;
  let fault: Error | null = null;
  let wake = () => {};
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') gone = true;
    else fault = error;
    wake();
  };
  stream.on('error', onError);
  for await (const text of inChunks(pieces)) {
    if (gone || fault !== null) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
      stream.write(text, () => resolve());
    });
  }
  if (fault !== null) throw fault;
}

/** Many short pieces as few long ones: a call of the system for each would take longer than all else. */
async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

const CHUNK_CHARS = 65_536;
