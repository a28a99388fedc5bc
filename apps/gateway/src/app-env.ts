import type { IncomingMessage } from 'node:http';
import type { Actor } from '@actp/services/actor';
import type { Slot } from './rate-limits/slots.ts';
import type { GatewayResponse } from './http/gateway-response.ts';

/** Who is calling, once the credential has been checked. */
export type Caller =
  | Extract<Actor, { kind: 'operator' | 'user' }>
  /**
   * `ownKey`: it showed a key of its own, and so is the agent that it says it is. Whoever answers much later than it was asked
   * looks at `stillValid`, too.
   */
  | (Extract<Actor, { kind: 'agent' }> & { ownKey?: true; stillValid?: () => Promise<boolean> });

export type CallerKind = Caller['kind'];

/** What middleware leaves for handlers. */
export interface AppEnv {
  Bindings: { incoming: IncomingMessage; outgoing: GatewayResponse };
  Variables: {
    requestId: string;
    clientIp: string;
    /** The connection really is from this machine, with no proxy in front. */
    local: boolean;
    caller: Caller | undefined;
    /** Whom the audit log names where there is no credential yet: who tries to log in. */
    actor: string | undefined;
    /** Where the body may be large. */
    largeBody: Slot | undefined;
    /** What the route says a request is called in the audit log; undefined where no route was found. */
    auditAction: string | undefined;
  };
}
