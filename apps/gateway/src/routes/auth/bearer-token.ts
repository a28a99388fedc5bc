import { z } from '@hono/zod-openapi';

export const BearerToken = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
});

export const bearerToken = (token: string, seconds: number) => ({
  access_token: token,
  token_type: 'Bearer' as const,
  expires_in: seconds,
});
