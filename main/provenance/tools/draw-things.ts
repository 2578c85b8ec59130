import type { FoundSettings } from '../../../preload/contract/index.ts';
import { xmpProperty } from '../carriers/xmp-properties.ts';
import { Fields, isRecord, parseJson, toNumber, toText } from '../json-fields.ts';
import { emptySettings, foundSampler, stem } from '../settings-draft.ts';

/** Reads the JSON that Draw Things puts into `exif:UserComment` of the XMP packet; null where there is none. */
export function readDrawThings(packet: string, source: string): FoundSettings | null {
  const json = parseJson(xmpProperty(packet, 'exif:UserComment') ?? '');
  if (!isRecord(json) || !('c' in json || 'model' in json)) return null;
  const fields = new Fields(json);
  const [width, height] = sizeOf(fields.text('size'));
  const model = fields.text('model');
  const strength = fields.number('strength');
  const settings: FoundSettings = {
    ...emptySettings('draw-things', source),
    version: xmpProperty(packet, 'xmp:CreatorTool'),
    prompt: fields.text('c') ?? '',
    negative: fields.text('uc') ?? '',
    sampler: drawThingsSampler(fields.text('sampler')),
    steps: fields.whole('steps'),
    guidance: fields.number('scale'),
    seed: fields.whole('seed'),
    // Its seeds are its own: no other program draws their noise.
    noise: null,
    width,
    height,
    strength: strength === 1 ? null : strength,
    model: model === null ? null : { name: stem(model), hash: null },
    adapters: list(fields.value('lora')).map((each) => ({
      name: stem(toText(each['model']) ?? toText(each['file']) ?? ''),
      hash: null,
      strength: toNumber(each['weight']) ?? 1,
      textStrength: null,
    })),
    controls: list(fields.value('control')).map((each) => ({
      name: stem(toText(each['model']) ?? toText(each['file']) ?? ''),
      strength: toNumber(each['weight']) ?? 1,
      start: toNumber(each['guidanceStart']),
      end: toNumber(each['guidanceEnd']),
    })),
  };
  return { ...settings, unknown: fields.rest() };
}

/** Draw Things calls the trailing schedule by that name and A1111's "Euler a" "Euler A". */
function drawThingsSampler(name: string | null): FoundSettings['sampler'] {
  if (name === null) return null;
  const trailing = /^(.*) trailing$/i.exec(name)?.[1];
  const found = trailing === undefined ? foundSampler(name) : foundSampler(trailing, 'SGM Uniform');
  return found && { ...found, written: name };
}

function sizeOf(text: string | null): [number | null, number | null] {
  const match = /^(\d{1,6})x(\d{1,6})$/.exec(text ?? '');
  return match ? [Number(match[1]), Number(match[2])] : [null, null];
}

function list(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
