import type { FoundSettings } from '../../../preload/contract/index.ts';
import { Fields, isRecord, type JsonRecord, parseJson, toText } from '../json-fields.ts';
import { emptySettings, foundSampler } from '../settings-draft.ts';

/** What NovelAI writes beside its JSON. */
export interface NovelAiTexts {
  readonly comment: string;
  readonly description: string | null;
  /** Model and its hash, such as `NovelAI Diffusion V3 1E1C…`. */
  readonly model: string | null;
  readonly source: string;
}

/** Reads NovelAI's `Comment`; null for what is not its JSON. */
export function readNovelAi({ comment, description, model, source }: NovelAiTexts): FoundSettings | null {
  const json = parseJson(comment);
  if (!isRecord(json) || !('sampler' in json || 'uc' in json || 'v4_prompt' in json)) return null;
  const fields = new Fields(json);
  const schedule = fields.text('noise_schedule');
  const prompt = caption(fields.value('v4_prompt')) ?? fields.text('prompt') ?? description ?? '';
  const negative = caption(fields.value('v4_negative_prompt')) ?? fields.text('uc') ?? '';
  fields.value('prompt', 'uc');
  const named = /^(.*?)(?:\s+([0-9A-F]{8}))?$/.exec(model ?? '');
  const settings: FoundSettings = {
    ...emptySettings('novelai', source),
    version: null,
    prompt,
    negative,
    sampler: novelAiSampler(fields.text('sampler'), schedule),
    steps: fields.whole('steps'),
    guidance: fields.number('scale'),
    seed: fields.whole('seed'),
    noise: 'torch-cpu',
    width: fields.whole('width'),
    height: fields.whole('height'),
    strength: json['request_type'] === 'Img2ImgRequest' ? fields.number('strength') : null,
    model: model === null ? null : { name: named?.[1] ?? model, hash: named?.[2]?.toLowerCase() ?? null },
  };
  return { ...settings, unknown: fields.rest() };
}

/** Takes apart what the alpha channel holds: all the texts of the file as one JSON object. */
export function readStealth(text: string, source: string): FoundSettings | null {
  const json = parseJson(text);
  if (!isRecord(json)) return null;
  const comment = toText(json['Comment']);
  if (comment === null) return null;
  return readNovelAi({
    comment,
    description: toText(json['Description']),
    model: toText(json['Source']),
    source,
  });
}

/** From version 4 on a prompt is a caption of the whole and one of each character. */
function caption(value: unknown): string | null {
  const captions = isRecord(value) && isRecord(value['caption']) ? value['caption'] : null;
  if (captions === null) return null;
  const each = captions['char_captions'];
  const characters: JsonRecord[] = Array.isArray(each) ? each.filter(isRecord) : [];
  const texts = [toText(captions['base_caption']), ...characters.map((one) => toText(one['char_caption']))];
  return texts.filter((text) => text !== null).join('\n');
}

function novelAiSampler(name: string | null, schedule: string | null): FoundSettings['sampler'] {
  if (name === null) return null;
  const found = foundSampler(name.replace(/_v3$/, ''), schedule);
  return found && { ...found, written: schedule === null ? name : `${name}, ${schedule}` };
}
