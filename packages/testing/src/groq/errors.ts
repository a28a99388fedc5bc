import type { ErrorReplies, OutsideReply } from '../outside/route.ts';
import { json } from '../outside/route.ts';
import { retryAfter } from '../outside/error-replies.ts';

const reply = (status: number, message: string, type: string, more: object = {}): OutsideReply =>
  json(status, { error: { message, type, ...more } });

const limit = (model: string, unit: string, seconds: string) =>
  `Rate limit reached for model \`${model}\` in organization \`org_01example\` service tier \`on_demand\` on ${unit}: ` +
  `Limit 8000, Used 7000, Requested 2000. Please try again in ${seconds}s. Need more tokens? Upgrade at https://console.groq.com/settings/billing`;

/** The rows of Groq's table of errors, by name. */
export const groqErrors: Record<string, OutsideReply> = {
  invalid_request: reply(400, 'property "x" is unsupported', 'invalid_request_error'),
  json_validate_failed: reply(400, 'Failed to validate JSON.', 'invalid_request_error', {
    code: 'json_validate_failed',
    failed_generation: 'Sure! Here is the JSON: {"task"',
  }),
  invalid_api_key: reply(401, 'Invalid API Key', 'invalid_request_error', { code: 'invalid_api_key' }),
  forbidden: reply(403, 'Access denied', 'permissions_error'),
  model_not_found: reply(
    404,
    'The model does not exist or you do not have access to it.',
    'invalid_request_error',
    {
      code: 'model_not_found',
    },
  ),
  too_large: reply(413, 'Request Entity Too Large', 'invalid_request_error'),
  unprocessable: reply(422, 'Unprocessable Entity', 'invalid_request_error'),
  failed_dependency: reply(424, 'Failed Dependency', 'api_error'),
  capacity_exceeded: reply(498, 'Flex tier capacity exceeded', 'capacity_exceeded'),
  cancelled: reply(499, 'Request Cancelled', 'api_error'),
  internal: reply(500, 'Internal Server Error', 'internal_server_error'),
  bad_gateway: reply(502, 'Bad Gateway', 'internal_server_error'),
  unavailable: reply(503, 'Service Unavailable', 'internal_server_error'),
};

const limited = (model: string, unit: string, seconds: string, type: string) =>
  reply(429, limit(model, unit, seconds), type, { code: 'rate_limit_exceeded' });

/** How Groq words the faults that are answers of its own. */
export const groqErrorReplies = (model: () => string): ErrorReplies => ({
  '429': (fault) => {
    const seconds = fault.wait === 'none' ? '' : String(fault.retryAfterSeconds);
    const answer = limited(model(), 'tokens per minute (TPM)', seconds, 'tokens');
    // Whole seconds in the header, the exact ones in the message.
    const whole = { ...fault, retryAfterSeconds: Math.ceil(fault.retryAfterSeconds) };
    return { ...answer, headers: retryAfter(whole) };
  },
  quota_day: () => ({
    ...limited(model(), 'requests per day (RPD)', '7200', 'requests'),
    headers: { 'retry-after': '7200' },
  }),
  quota_month: () => reply(403, 'Your organization has reached its spend limit.', 'billing_error'),
  '200_with_error_body': () => ({ ...(groqErrors['internal'] ?? json(200, {})), status: 200 }),
  '5xx_before_effect': (fault) => reply(fault.status ?? 503, 'Service Unavailable', 'internal_server_error'),
  '5xx_after_effect': (fault) => reply(fault.status ?? 500, 'Internal Server Error', 'internal_server_error'),
});
