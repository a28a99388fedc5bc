import { describe, expect, it } from 'vitest';
import { hasReplicas } from './required-replicas.ts';

const line = (flags: string, slots = '') =>
  `07c37dfeb235213a872192d90877d0cd55635b91 127.0.0.1:7000@17000 ${flags} - 0 1426238316232 1 connected ${slots}`;
const nodes = (...lines: string[]) => `${lines.join('\n')}\n`;

describe('a cluster keeps copies', () => {
  it('when one of its nodes is a replica, also one that is down', () => {
    expect(hasReplicas(nodes(line('myself,master', '0-16383'), line('slave')))).toBe(true);
    expect(hasReplicas(nodes(line('myself,master', '0-16383'), line('slave,fail')))).toBe(true);
  });

  it('when a primary is down whose slots another one has taken', () => {
    expect(hasReplicas(nodes(line('myself,master', '0-16383'), line('master,fail')))).toBe(true);
    expect(hasReplicas(nodes(line('myself,master', '0-16383'), line('master,fail?')))).toBe(true);
  });

  it('and none with primaries alone, whatever they serve', () => {
    expect(hasReplicas(nodes(line('myself,master', '0-8191'), line('master', '8192-16383')))).toBe(false);
    expect(hasReplicas(nodes(line('myself,master', '0-16383'), line('master')))).toBe(false);
    expect(hasReplicas(nodes(line('myself,master', '0-8191'), line('master,fail', '8192-16383')))).toBe(
      false,
    );
    expect(hasReplicas(nodes(line('myself,master', '0-16383'), line('slave,noaddr')))).toBe(false);
  });
});
