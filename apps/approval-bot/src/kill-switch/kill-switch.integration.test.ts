import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { alertChat, approver, openBench } from '../approval-bot.fixture.ts';
import { approvalsOn, buttonsNow, textNow } from '../approvals/approvals.fixture.ts';
import { writeSwitchButton } from './button.ts';
import { createKillSwitchCommandStore } from '@actp/services/kill-switch/command-store';

const bench = await openBench();
const approvals = approvalsOn(bench);
const switches = createKillSwitchCommandStore(createDb(bench.stores.env, 'bot', 20_000));
const colleague = 43;

afterEach(async () => {
  await bench.stores.sql.query('truncate actp_kill_switch_commands, actp_kill_switches');
});

const scopes = async () => (await switches.active()).map(({ scope }) => scope);
const command = async (text: string, shown: string, from = approver) => {
  bench.telegram.say({ chat_id: alertChat, from, text });
  return bench.telegram.waitForMessage({ chat_id: alertChat, text: shown });
};
const refusals = async () => {
  const { rows } = await bench.stores.sql.query<{ refused: string }>(
    `select result ->> 'refused' as refused from actp_agent_audit_log where action_type = 'kill_switch.press' order by id`,
  );
  return rows.map(({ refused }) => refused);
};
const openAs = (ids: number[]) => bench.start({ TELEGRAM_APPROVER_IDS: ids });
const press = async (
  message: { chat_id: number; message_id: number },
  button: number | string,
  from = approver,
) => {
  const { chat_id, message_id } = message;
  const { answer, update_id } = await bench.telegram.press({ chat_id, message_id, button, from });
  return { text: answer?.text, update_id };
};

describe('/stop and /resume', () => {
  it('[POL-009] stop a scope after one more press, tell the chat, and lift it again', async () => {
    await bench.start();
    const secret = `gh${'p'}_${'Ab1'.repeat(12)}`;
    const first = await command(`/stop agent:Ads it shows ${secret}`, 'Stop agent:ads?');
    expect(textNow(first)).not.toContain(secret);
    const question = await command('/stop agent:Ads it buys too much', 'Reason: it buys too much');
    expect(textNow(question)).toContain('Reason: it buys too much');
    expect(buttonsNow(question)).toEqual(['🛑 Stop agent:ads', 'Cancel']);
    expect(await scopes()).toEqual([]);
    expect((await press(question, 1)).text).toBe('🛑 Stopped: agent:ads');
    expect(await switches.active()).toMatchObject([
      { scope: 'agent:ads', reason: 'it buys too much', set_by: `telegram:${approver}` },
    ]);
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: '🛑 STOPPED: agent:ads' });
    await command('/status', '🛑 agent:ads, since');
    const list = await command('/resume', 'Each button lifts one switch');
    expect(buttonsNow(list)).toEqual(['▶️ Lift agent:ads']);
    expect((await press(list, 1)).text).toBe('▶️ Lifted: agent:ads');
    expect(await scopes()).toEqual([]);
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: '▶️ Lifted: agent:ads\nBy telegram:' });
    await command('/resume', 'Nothing is stopped.');
    const { rows } = await bench.stores.sql.query(
      `select agent_id, status from actp_agent_audit_log where action_type like 'security.kill_switch%'`,
    );
    expect(rows).toEqual([
      { agent_id: `telegram:${approver}`, status: 'ok' },
      { agent_id: `telegram:${approver}`, status: 'ok' },
    ]);
  });

  it('change nothing without the press, nor after Cancel, nor for a scope that is none', async () => {
    await bench.start();
    await command('/stop agent:*', 'must name one agent');
    // Scopes that are written right and cover nothing known.
    await command('/stop action:emails wrong letters', 'may stop nothing. Did you mean action:email.*?');
    await command('/stop agent:nobody-of-that-name why', 'No agent “nobody-of-that-name” is known');
    const question = await command('/stop', 'Stop everything?');
    expect((await press(question, 'Cancel')).text).toBe('Nothing has changed.');
    await eventually(() => buttonsNow(question).length === 0);
    expect(await scopes()).toEqual([]);
  });

  it('take no press of strangers, of other approvers, of bots, nor one for another chat or a made-up button', async () => {
    await openAs([approver, colleague]);
    const question = await command('/stop all', 'Stop everything?');
    const { chat_id, message_id } = question;
    expect((await press(question, 1, 666)).text).toContain('You are not authorized to do this');
    expect((await press(question, 1, colleague)).text).toContain('Someone else gave this command');
    const made = writeSwitchButton({ id: randomUUID(), confirmed: true });
    await bench.telegram.forgePress({ chat_id, message_id, data: made, from: approver });
    const data = question.versions[0].reply_markup?.inline_keyboard[0]?.[0];
    const genuine = data && 'callback_data' in data ? data.callback_data : '';
    await bench.telegram.forgePress({ chat_id: approver, message_id: 1, data: genuine, from: approver });
    await eventually(async () => (await refusals()).length === 4);
    expect((await refusals()).toSorted()).toEqual(['not_yours', 'other_chat', 'stranger', 'unknown']);
    expect(await scopes()).toEqual([]);
    expect((await press(question, 1)).text).toBe('🛑 Stopped: all');
  });

  it('lift nothing by a press that waited while nobody listened', async () => {
    const running = await bench.start();
    await press(await command('/stop agent:ads why', 'Stop agent:ads?'), 1);
    const { chat_id, message_id } = await command('/resume', 'Each button lifts one switch');
    await running.stop();
    const waited = bench.telegram.press({ chat_id, message_id, button: 1, from: approver });
    await bench.stores.sql.query(
      `update actp_telegram_polling set polled_at = polled_at - interval '61 seconds'`,
    );
    await bench.start();
    expect((await waited).answer?.text).toContain('late');
    expect(await scopes()).toEqual(['agent:ads']);
    expect(await refusals()).toContain('late');
  });

  it('take no press twice: not a second one, not the same update again, not two minutes later', async () => {
    await bench.start();
    const question = await command('/stop all', 'Stop everything?');
    const data = question.versions[0].reply_markup?.inline_keyboard[0]?.[0];
    const genuine = data && 'callback_data' in data ? data.callback_data : '';
    const { chat_id, message_id } = question;
    const { update_id } = await press(question, 1);
    const list = await command('/resume', 'Each button lifts one switch');
    await press(list, 1);
    expect(await scopes()).toEqual([]);
    // What stopped it before must not stop it again, nor lift what is set anew.
    bench.telegram.redeliver(update_id);
    await bench.telegram.forgePress({ chat_id, message_id, data: genuine, from: approver });
    await eventually(async () => (await refusals()).includes('done'));
    expect(await scopes()).toEqual([]);
    const late = await command('/stop action:ads.*', 'Stop action:ads.*?');
    await bench.stores.sql.query(
      `update actp_kill_switch_commands set created_at = created_at - interval '121 seconds' where done_at is null`,
    );
    expect((await press(late, 1)).text).toContain('more than two minutes old');
    expect(await scopes()).toEqual([]);
  });

  it('lift the switch that was shown, and none that was set after it', async () => {
    await bench.start();
    await press(await command('/stop all first', 'Reason: first'), 1);
    const list = await command('/resume all', 'Each button lifts one switch');
    await bench.stores.sql.query(`select lift_kill_switch('all', null, null, 'operator:a@b.c', '{}')`);
    await bench.stores.sql.query(`select set_kill_switch('all', 'second', 'operator:a@b.c', '{}')`);
    expect((await press(list, 1)).text).toContain('no longer set');
    expect(await scopes()).toEqual(['all']);
  });

  it('are for approvers alone', async () => {
    await bench.start();
    bench.telegram.say({ chat_id: 666, text: '/stop all' });
    await bench.telegram.waitForMessage({
      chat_id: 666,
      text: 'You are not authorized to give commands here.',
    });
    bench.telegram.say({ chat_id: alertChat, from: 667, text: '/resume' });
    await bench.telegram.waitForMessage({
      chat_id: alertChat,
      text: 'You are not authorized to give commands here.',
    });
  });
});

describe('a card whose approval is frozen', () => {
  it('answers a press with what stopped it, and decides nothing until it is lifted', async () => {
    await bench.start();
    const id = await approvals.ask();
    const card = await approvals.card(id);
    await bench.stores.sql.query(`select set_kill_switch('action:dm.*', 'x', 'operator:a@b.c', '{}')`);
    for (const button of [1, 2]) {
      expect(await approvals.press(card, button)).toContain('An operator has stopped this.');
    }
    expect((await approvals.audit(id)).map(({ result }) => (result as { refused?: string }).refused)).toEqual(
      expect.arrayContaining(['kill_switch']),
    );
    await bench.stores.sql.query(
      `select lift_kill_switch('action:dm.*', null, null, 'operator:a@b.c', '{}')`,
    );
    expect(await approvals.press(card, 1)).toBe('✅ Approved.');
  });
});
