import { phrase, type PhraseRule } from './phrase.ts';

const roleReason = 'gives the assistant a role that has no rules';
const limitReason = 'tells the assistant that limits do not hold for it';
const refuseReason = 'forbids the assistant to refuse or to warn';

/** Role play and jailbreaks. */
export const personaRules: readonly PhraseRule[] = [
  phrase('jailbreak', 'unlimited_role', [0.65, 0.75], 'pretend|mode ~8 unlimited', roleReason),
  // Stories have villains.
  phrase('jailbreak', 'unlimited_character', [0.42, 0.75], 'character ~8 unlimited', roleReason),
  phrase('jailbreak', 'unlimited_you', [0.45, 0.6], 'you|ai ~6 unlimited', roleReason),
  phrase('jailbreak', 'unlimited_ai', [0.55, 0.7], 'unlimited ~3 ai|agent|answer|mode', roleReason),
  phrase('jailbreak', 'character_unlimited', [0.42, 0.7], 'unlimited ~3 character', roleReason),
  phrase('jailbreak', 'without_limits', [0.3, 0.15], 'without|not ~3 limit', limitReason),
  phrase(
    'jailbreak',
    'ai_without_limits',
    [0.42, 0.6],
    'ai|agent|character|pretend|answer ~8 without|not|ignore|bypass ~4 limit|safety|rule',
    limitReason,
  ),
  phrase('jailbreak', 'limits_gone', [0.4, 0.45], 'limit|safety ~4 superseded|skip|stop', limitReason),
  phrase('jailbreak', 'disable_limits', [0.4, 0.6], 'skip|bypass|ignore|stop ~3 limit', limitReason),
  phrase('jailbreak', 'not_bound', [0.5, 0.5], 'not ~5 follow ~5 rule|limit|instruction', limitReason),
  phrase('jailbreak', 'never_refuse', [0.5, 0.4], 'not|without ~3 refuse', refuseReason),
  phrase(
    'jailbreak',
    'never_warn',
    [0.3, 0.4],
    'not ~6 ai|agent|limit|approval ~3 refuse|limit',
    refuseReason,
  ),
  phrase('jailbreak', 'start_with_sure', [0.35, 0.45], 'answer ~5 sure', 'dictates a consenting answer'),
  phrase('jailbreak', 'pretended_mode', [0.55, 0.6], 'pretend ~2 system mode', roleReason),
  phrase('jailbreak', 'ai_rules', [0.6, 0.7], 'ignore|bypass ~3 ai ~2 rule|instruction|limit', limitReason),
  phrase('jailbreak', 'unlimited_answers', [0.5, 0.6], 'answer ~3 unlimited', roleReason),
  phrase(
    'jailbreak',
    'from_now',
    [0.25, 0.4],
    'now ~4 you ~3 pretend|answer|must|character|follow',
    roleReason,
  ),
  phrase('jailbreak', 'now_you_are', [0.3, 0.45], 'you ~2 now ~3 ai|agent|character|mode', roleReason),
  phrase('jailbreak', 'ai_persona', [0.35, 0.45], 'pretend ~8 ai', roleReason),
  phrase(
    'jailbreak',
    'character_rules',
    [0.3, 0.35],
    'character ~8 ignore|bypass|not ~6 rule|limit|safety|refuse',
    roleReason,
  ),
  phrase('jailbreak', 'safety_off', [0.45, 0.6], 'skip|bypass|stop|ignore ~3 your ~3 safety', limitReason),
  phrase(
    'jailbreak',
    'special_mode',
    [0.3, 0.45],
    'system mode',
    'asks for a mode in which rules do not hold',
  ),
];
