import { createThreads } from './large-bodies/threads.ts';
const unit = 'curl -u a:';
const body = JSON.stringify({ events: Array.from({ length: 63 }, () => ({ agent_id: 'f', action_type: 'f', status: 'ok', error: unit.repeat(6553) })) });
const t = createThreads(1);
for (let i = 0; i < 3; i++) {
  const bytes = new TextEncoder().encode(body).buffer as ArrayBuffer;
  const c = process.cpuUsage(); const s = performance.now();
  const r = await t.run('readBatch', { bytes, origin: { ip_address: '1.1.1.1', user_agent: 'x', request_id: 'y' } }, [bytes]);
  const u = process.cpuUsage(c);
  console.log((performance.now() - s).toFixed(0), u.user / 1000, u.system / 1000, 'json' in r ? r.json.length : r, process.memoryUsage().rss / 1e6);
}
await t.stop();
