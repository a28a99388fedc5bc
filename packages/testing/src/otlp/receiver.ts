import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { createLoopbackServer } from '../loopback-server.ts';
import { readSpans, type ReceivedSpan } from './spans.ts';

/** What it does with the next requests. `hang` takes them and never answers. */
export type ReceiverFault = 'none' | 'hang' | 'refuse';

export interface OtlpReceiver {
  /** What OTEL_EXPORTER_OTLP_ENDPOINT is set to. */
  url: string;
  /** All that came, in the order in which it came. */
  spans: ReceivedSpan[];
  /** The headers of every request. */
  requests: Array<Record<string, string | string[] | undefined>>;
  fault: ReceiverFault;
  /** How many requests are open, as with `hang`. */
  open(): number;
  close(): Promise<void>;
}

/** A receiver of traces: OTLP over HTTP with protobuf, as a collector listens for it on port 4318. */
export async function createOtlpReceiver(port = 0): Promise<OtlpReceiver> {
  let open = 0;
  const server = await createLoopbackServer((request, response) => {
    open += 1;
    response.once('close', () => (open -= 1));
    void (async () => {
      const body = await buffer(request);
      receiver.requests.push(request.headers);
      if (receiver.fault === 'hang') return;
      const readable =
        request.method === 'POST' &&
        request.url === '/v1/traces' &&
        request.headers['content-type'] === 'application/x-protobuf';
      if (!readable || receiver.fault === 'refuse') {
        response.writeHead(readable ? 503 : 415).end();
        return;
      }
      const gzip = request.headers['content-encoding'] === 'gzip';
      receiver.spans.push(...readSpans(gzip ? gunzipSync(body) : body));
      // An ExportTraceServiceResponse in which nothing was refused is an empty message.
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    })().catch(() => response.writeHead(400).end());
  }, port);
  const receiver: OtlpReceiver = {
    url: server.url,
    spans: [],
    requests: [],
    fault: 'none',
    open: () => open,
    close: server.close,
  };
  return receiver;
}
