import type { IncomingMessage } from 'node:http';
import { badRequest } from './api-error.ts';
import { isRecord, type Params, type UploadedFile } from './params.ts';

// The hosted Bot API takes uploads up to 50 MB.
const maxBodyBytes = 50 * 1024 * 1024;

/**
 * Parameters of a call, from its query and its body (JSON, urlencoded or multipart, whatever the method).
 *
 * @throws BotApiError 400 for a body that its content type does not describe, 413 above 50 MB
 */
export async function readParams(request: IncomingMessage, url: URL): Promise<Params> {
  const query = Object.fromEntries(url.searchParams);
  const body = await readBody(request);
  if (body.byteLength === 0) return query;
  return { ...query, ...(await parseBody(body, request.headers['content-type'] ?? '')) };
}

async function readBody(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // A request without an encoding set gives buffers.
    const bytes = chunk as Buffer;
    size += bytes.byteLength;
    if (size > maxBodyBytes) throw badRequest('request entity is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function parseBody(body: Buffer<ArrayBuffer>, contentType: string): Promise<Params> {
  if (contentType.startsWith('application/json')) return parseJson(body);
  if (contentType.startsWith('multipart/form-data')) return parseMultipart(body, contentType);
  return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
}

function parseJson(body: Buffer): Params {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw badRequest("can't parse JSON object");
  }
  if (!isRecord(value)) throw badRequest('expected a JSON object');
  return value;
}

async function parseMultipart(body: Buffer<ArrayBuffer>, contentType: string): Promise<Params> {
  const params: Record<string, unknown> = {};
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    for (const [name, value] of form) {
      params[name] = typeof value === 'string' ? value : await toUpload(value);
    }
  } catch {
    throw badRequest("can't parse multipart form data");
  }
  return params;
}

async function toUpload(file: File): Promise<UploadedFile> {
  return {
    file_name: file.name,
    mime_type: file.type === '' ? 'application/octet-stream' : file.type,
    bytes: new Uint8Array(await file.arrayBuffer()),
  };
}
