import { z } from 'zod';
import { Fault, SeededFaults, type Faults } from './faults.ts';
import type { OutsideLog } from './log.ts';
import { parseBody } from './parse-body.ts';
import { json, type OutsideReply } from './route.ts';

/** What a stand-in can be told beside faults: takes the body, answers with what goes back as JSON. */
export type Controls = Record<string, (body: unknown) => unknown>;

interface ControlDeps {
  faults: Faults;
  log: OutsideLog;
  more: Controls;
}

const OneOrMore = z.union([Fault, z.array(Fault)]);

/** What a test in another process asks of a stand-in. */
export function serveControl(deps: ControlDeps, method: string, path: string, text: string): OutsideReply {
  const { faults, log, more } = deps;
  const body = parseBody('application/json', text);
  try {
    switch (`${method} ${path}`) {
      case 'GET /_control/log':
        return json(200, { requests: log.requests, effects: log.effects });
      case 'DELETE /_control/log':
        log.clear();
        return json(200, {});
      case 'POST /_control/faults':
        faults.add(...[OneOrMore.parse(body)].flat());
        return json(200, { left: faults.left() });
      case 'POST /_control/seed':
        faults.seed(SeededFaults.parse(body));
        return json(200, {});
      case 'DELETE /_control/faults':
        faults.clear();
        return json(200, {});
      default: {
        const name = path.slice('/_control/'.length);
        const control = method === 'POST' && Object.hasOwn(more, name) ? more[name] : undefined;
        return control ? json(200, control(body) ?? {}) : json(404, { error: 'no such control' });
      }
    }
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}
