/** An incoming webhook's body, as far as it was checked. */
export interface SlackPayload {
  /** The fallback, shown in notifications. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly attachments: readonly SlackAttachment[];
}

export interface SlackAttachment {
  readonly color: string;
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

export interface SlackText {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
}

export interface SlackButton {
  readonly label: string;
  readonly url: string;
  readonly style: string;
}

export type SlackBlock =
  | { readonly type: 'header'; readonly text: SlackText }
  | {
      readonly type: 'section';
      readonly text: SlackText | null;
      readonly fields: readonly SlackText[];
      readonly button: SlackButton | null;
    }
  | { readonly type: 'context'; readonly elements: readonly SlackText[] }
  | { readonly type: 'divider' }
  | { readonly type: 'actions'; readonly buttons: readonly SlackButton[] };

/** Slack's answer to a payload that it refuses: the body of the 400. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal';
}

const LIMITS = {
  text: 40_000,
  blocks: 50,
  attachments: 100,
  header: 150,
  section: 3000,
  fields: 10,
  field: 2000,
  context: 10,
  actions: 25,
  button: 75,
  url: 3000,
  blockId: 255,
} as const;

/** Reads and checks a webhook's body; throws {@link SlackRefusal} with Slack's own short answer. */
export function parseSlackPayload(body: string): SlackPayload {
  let raw: unknown;
  try {
    raw = JSON.parse(body);
  } catch (error) {
    throw new SlackRefusal('invalid_payload', { cause: error });
  }
  if (!isRecord(raw)) throw new SlackRefusal('invalid_payload');
  const text = optionalText(raw['text']);
  const blocks = parseBlocks(raw['blocks']);
  const attachments = list(raw['attachments'], LIMITS.attachments, 'too_many_attachments').map(parseAttachment);
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new SlackRefusal('no_text');
  if (text.length > LIMITS.text) throw new SlackRefusal('msg_too_long');
  return { text, blocks, attachments };
}

function parseAttachment(raw: unknown): SlackAttachment {
  if (!isRecord(raw)) throw new SlackRefusal('invalid_attachments');
  return { color: optionalText(raw['color']), text: optionalText(raw['text']), blocks: parseBlocks(raw['blocks']) };
}

function parseBlocks(raw: unknown): SlackBlock[] {
  const blocks = list(raw, LIMITS.blocks, 'invalid_blocks');
  const ids = new Set<string>();
  return blocks.map((block) => {
    if (!isRecord(block)) return invalid();
    const id = optionalText(block['block_id']);
    if (id.length > LIMITS.blockId || (id !== '' && ids.has(id))) return invalid();
    ids.add(id);
    return parseBlock(block);
  });
}

function parseBlock(block: Readonly<Record<string, unknown>>): SlackBlock {
  switch (block['type']) {
    case 'header': {
      const text = textObject(block['text'], LIMITS.header);
      return text.type === 'plain_text' ? { type: 'header', text } : invalid();
    }
    case 'section': {
      const text = block['text'] === undefined ? null : textObject(block['text'], LIMITS.section);
      const fields = list(block['fields'], LIMITS.fields).map((field) => textObject(field, LIMITS.field));
      if (text === null && fields.length === 0) return invalid();
      return { type: 'section', text, fields, button: block['accessory'] === undefined ? null : button(block['accessory']) };
    }
    case 'context': {
      const elements = list(block['elements'], LIMITS.context).map((element) => textObject(element, LIMITS.section));
      return elements.length === 0 ? invalid() : { type: 'context', elements };
    }
    case 'actions': {
      const buttons = list(block['elements'], LIMITS.actions).map(button);
      return buttons.length === 0 ? invalid() : { type: 'actions', buttons };
    }
    case 'divider':
      return { type: 'divider' };
    default:
      return invalid();
  }
}

function textObject(raw: unknown, limit: number): SlackText {
  if (!isRecord(raw)) return invalid();
  const { type, text } = raw;
  if ((type !== 'plain_text' && type !== 'mrkdwn') || typeof text !== 'string') return invalid();
  return text.length === 0 || text.length > limit ? invalid() : { type, text };
}

function button(raw: unknown): SlackButton {
  if (!isRecord(raw) || raw['type'] !== 'button') return invalid();
  const label = textObject(raw['text'], LIMITS.button);
  const url = optionalText(raw['url']);
  if (label.type !== 'plain_text' || url.length > LIMITS.url || (url !== '' && !URL.canParse(url))) return invalid();
  return { label: label.text, url, style: optionalText(raw['style']) };
}

function list(raw: unknown, limit: number, refusal = 'invalid_blocks'): unknown[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw) || raw.length > limit) throw new SlackRefusal(refusal);
  return raw;
}

function optionalText(raw: unknown): string {
  if (raw === undefined) return '';
  if (typeof raw !== 'string') throw new SlackRefusal('invalid_payload');
  return raw;
}

function invalid(): never {
  throw new SlackRefusal('invalid_blocks');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
