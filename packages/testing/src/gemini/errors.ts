import { json, type ErrorReplies, type OutsideReply } from '../outside/route.ts';

const reply = (code: number, status: string, message: string, details: object[] = []): OutsideReply =>
  json(code, { error: { code, message, status, ...(details.length > 0 && { details }) } });

const errorInfo = (reason: string) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
});
const quota = (quotaId: string) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [
    {
      quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
      quotaId,
      quotaDimensions: { location: 'global', model: 'gemini-2.5-flash' },
      quotaValue: '10',
    },
  ],
});
const help = {
  '@type': 'type.googleapis.com/google.rpc.Help',
  links: [
    {
      description: 'Learn more about Gemini API quotas',
      url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
    },
  ],
};
const retryInfo = (seconds: number) => ({
  '@type': 'type.googleapis.com/google.rpc.RetryInfo',
  retryDelay: `${seconds}s`,
});
const exceeded = 'You exceeded your current quota, please check your plan and billing details.';

/** The rows of Gemini's table of errors, by name. */
export const geminiErrors: Record<string, OutsideReply> = {
  invalid_argument: reply(400, 'INVALID_ARGUMENT', 'Invalid value at generation_config'),
  failed_precondition: reply(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
  invalid_api_key: reply(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
    errorInfo('API_KEY_INVALID'),
  ]),
  credit_used_up: reply(402, 'RESOURCE_EXHAUSTED', 'Your prepaid credit is used up.'),
  permission_denied: reply(403, 'PERMISSION_DENIED', 'The caller does not have permission'),
  model_not_found: reply(404, 'NOT_FOUND', 'models/x is not found for API version v1beta'),
  cancelled: reply(499, 'CANCELLED', 'The operation was cancelled.'),
  internal: reply(500, 'INTERNAL', 'An internal error has occurred.'),
  unavailable: reply(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
  deadline_exceeded: reply(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'),
};

/** How Gemini words the faults that are answers of its own. It has no header that says how long to wait. */
export const geminiErrorReplies: ErrorReplies = {
  '429': (fault) =>
    reply(429, 'RESOURCE_EXHAUSTED', exceeded, [
      quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'),
      help,
      ...(fault.wait === 'none' ? [] : [retryInfo(fault.retryAfterSeconds)]),
    ]),
  quota_day: () =>
    reply(429, 'RESOURCE_EXHAUSTED', exceeded, [
      quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'),
      help,
      retryInfo(2),
    ]),
  quota_month: () => geminiErrors['credit_used_up'] ?? json(402, {}),
  '200_with_error_body': () =>
    json(200, {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 40, totalTokenCount: 40 },
      modelVersion: 'gemini-2.5-flash',
      responseId: 'r-blocked',
    }),
  '5xx_before_effect': (fault) =>
    reply(fault.status ?? 503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
  '5xx_after_effect': (fault) => reply(fault.status ?? 500, 'INTERNAL', 'An internal error has occurred.'),
};
