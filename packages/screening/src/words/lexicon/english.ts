import type { Kind } from '../kinds.ts';

/** Words by kind; `*` stands for any ending. A word of two kinds stands where it says more. */
export const english: Partial<Record<Kind, string>> = {
  ignore:
    'ignore ignores ignored ignoring disregard disregards disregarded disregarding forget forgetting neglect discard discarding dismiss abandon erase unlearn overlook defy disobey',
  bypass: 'override overrides overriding overridden bypass bypassing circumvent circumventing overrule evade',
  skip: 'skip skips skipping disable disabled disabling deactivate suppress omit waive waived off',
  prior:
    'previous previously prior earlier preceding former foregoing past existing original initial initially old aforementioned hitherto beforehand',
  above: 'above beginning preamble aforesaid upstream',
  all: 'all any every each entire whole whatever',
  everything: 'everything anything',
  instruction:
    'instruction instructions directive directives guideline guidelines prompts programming instructed',
  rule: 'rule rules policy policies training command commands orders direction directions safeguards constraints protocol protocols parameters',
  systemPrompt: 'systemprompt sysprompt metaprompt preprompt',
  prompt: 'prompt',
  system: 'system sys hidden internal developer developers',
  your: 'your yours',
  you: 'you u yourself ye thou',
  the: 'the this that these those its their our',
  me: 'me us my i',
  show: 'show shows reveal reveals print prints output outputs display repeat recite leak disclose expose divulge dump echo quote paste spill list enumerate translate summarise summarize rewrite verbalise paraphrase share give say write encode provide',
  tell: 'tell telling inform informing notify notifying mention mentioning alert alerting warn warning acknowledge confess report reporting',
  transfer:
    'send sends sending email emailing mail mailing forward forwarding post posting upload uploading transmit exfiltrate submit append attach include deliver smuggle leaking beacon',
  read: 'read see open fetch look search retrieve collect gather extract access locate find download',
  secret:
    'password passwords passwd passcode passcodes passphrase apikey apikeys token tokens credential credentials ssh env dotenv cookie cookies privatekey seedphrase mnemonic id_rsa',
  key: 'key keys',
  hush: 'secret secrets confidential',
  data: 'conversation conversations chat history contacts contact database inbox context memory memories records files file customer customers emails data logs documents environment configuration config variables',
  ai: 'ai ais llm llms chatbot chatbots chatgpt gpt gpt3 gpt4 claude gemini copilot openai anthropic grok bard siri alexa',
  agent: 'assistant assistants agent agents bot bots model models',
  user: 'user users human humans operator operators owner administrator person',
  not: 'dont not never cannot cant wont doesnt shouldnt mustnt refrain avoid nor no stops',
  without: 'without sans minus lacking zero',
  stop: 'stop cease quit halt longer',
  follow: 'follow following followed obey obeying comply adhere abide heed respect observe',
  must: 'must should shall need needs required required obligated have has ordered mandatory',
  pretend:
    'pretend pretends pretending roleplay roleplaying simulate simulates simulating simulation imagine act acting acts become impersonate persona personas emulate embody portray mimic',
  unlimited:
    'unrestricted uncensored unfiltered amoral immoral unethical jailbroken jailbreak unaligned unbound unbounded unshackled unmoderated liberated unhinged lawless unconstrained machiavellian devmode',
  limit:
    'restriction restrictions limitation limitations limits limit filter filters filtering censorship boundaries boundary ethics ethical moral morals morality constraint confines shackles qualms disclaimers inhibitions guardrails',
  safety:
    'safety security moderation safeguard guardrail guard guards verification protections confirmations',
  harm: 'transfer transferring wire pay buy purchase delete remove execute run call invoke deploy merge approve click install create refund grant change modify charge release rotate wipe drop unlock export enable visit recommend hire rate move set reset add issue escalate',
  approval:
    'approval approvals confirmation confirm permission consent review asking authorization authorisation signoff gate questions ask approver wait waiting',
  approved:
    'approved preapproved authorized authorised preauthorized preauthorised whitelisted allowlisted cleared sanctioned granted',
  silently: 'silently secretly quietly discreetly covertly stealthily invisibly confidentially',
  refuse:
    'refuse refuses refusing refusal decline declines apologise apologize apologies apology sorry disclaimer warnings refusals deny moralize lecture',
  mode: 'mode',
  now: 'now henceforth onwards onward hereafter',
  new: 'new updated actual latest revised replacement',
  task: 'task tasks objective objectives goal goals mission',
  superseded:
    'superseded supersede supersedes outdated obsolete replaced replace replaces revoked cancelled canceled void deprecated invalid expired withdrawn lifted rescinded',
  told: 'told given received provided instructed said programmed learned learnt taught shown',
  notice: 'notice noticing noticed realise realize suspect suspicion aware',
  how: 'how why explain describe discuss explains whether',
  and: 'and then instead or but also',
  if: 'if when unless once',
  before: 'before after until',
  message: 'message messages messaging header notice',
  note: 'note notes attention dear hey hello hi important notice todo memo reminder urgent psa',
  tool: 'tool tools function plugin api',
  answer: 'answer answers answering respond responds responding reply replies replying response responses',
  character: 'character characters personality personalities alter ego alias role',
  sure: 'sure certainly absolutely',
  text: 'text words sentence sentences line lines paragraph content contents verbatim',
  decode: 'decode decoded deobfuscate decipher decrypt unscramble backwards base64 rot13',
  what: 'what whats which who',
};
