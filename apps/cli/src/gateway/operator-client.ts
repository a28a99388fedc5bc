import type { z } from 'zod';
import { messageOf } from '@actp/shared/errors';
import { CliError } from '../cli-error.ts';
import { refusalOf } from './problem.ts';
import type { GatewayAddress } from './gateway-address.ts';
import { requestGateway, type GatewayRequest, type GatewayResponse } from './request.ts';

export interface OperatorClient {
  /** The body of a successful response. @throws GatewayRefusal, CliError */
  get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>>;
  /** @param outcome what is said of a refusal first. @param unsure what is said when no answer came */
  post<S extends z.ZodType>(
    path: string,
    json: unknown,
    schema: S,
    words: { outcome: string; unsure: string },
  ): Promise<z.output<S>>;
}

/** The gateway as an operator with a token. */
export function createOperatorClient(gateway: GatewayAddress, token: string): OperatorClient {
  const headers = { authorization: `Bearer ${token}` };
  return {
    async get(path, schema) {
      const { status, body } = await reach(gateway, path, { headers });
      if (status !== 200) throw refusalOf(status, body);
      return read(schema, body);
    },
    async post(path, json, schema, { outcome, unsure }) {
      const { status, body } = await reach(gateway, path, { method: 'POST', headers, json }, unsure);
      if (status !== 200) throw refusalOf(status, body, outcome);
      return read(schema, body);
    },
  };
}

/** A response of any kind. @throws CliError when none comes */
export async function reach(
  gateway: GatewayAddress,
  path: string,
  request: GatewayRequest,
  unsure = '',
): Promise<GatewayResponse> {
  try {
    return await requestGateway(gateway, path, request);
  } catch (error) {
    const refused = codeOf(error) === 'ECONNREFUSED';
    const why = refused ? 'No gateway responds' : `No answer (${codeOf(error) ?? messageOf(error)})`;
    const remedy = 'Start the plane (npm start), or set ACTP_URL to the address of the one that you mean.';
    // What was never taken was not done either.
    const doubt = refused || unsure === '' ? [] : [unsure];
    throw new CliError([`${why} at ${gateway.url.origin}.`, ...doubt, remedy].join('\n'), {
      cause: error,
      exitCode: 1,
    });
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

function read<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new CliError('The gateway answers in a form that is not known here: is it of the same release?', {
    exitCode: 1,
    cause: result.error,
  });
}
