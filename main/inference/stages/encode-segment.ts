import type { MadeStage, StageKeys, StageValue } from '../protocol.ts';
import { encodeRow, isGuided, type PromptEncoding } from './encode-prompt.ts';
import { mixRows } from './mix-text.ts';
import { joinPlaces, padPlaces, regionText } from './regional-words.ts';
import { type EncodedRow, type TextConditioning, textAt } from './text-conditioning.ts';

/** The text rows of a batch at a step: `[negative, prompt]` with guidance, else the prompt alone. */
export type ConditioningAtStep = (step: number) => readonly TextConditioning[];

/** Rows of text that are there already, and who hears of new ones. */
export interface KeptRows {
  readonly keys: StageKeys['text'][number] | undefined;
  readonly given: ReadonlyMap<string, StageValue> | undefined;
  readonly made: (stage: MadeStage) => void;
}

/**
 * The text of a part of a run, taken from what is kept or encoded.
 *
 * @throws ModelError for prompts that are too long or nested too deep; InferenceError for prompts that cannot be mixed.
 */
export async function encodeSegment(encoding: PromptEncoding, kept: KeptRows): Promise<ConditioningAtStep> {
  const { job, model, notes } = encoding;
  const row = async (text: string, negative: boolean, key: string | undefined): Promise<EncodedRow> => {
    const known = key === undefined ? undefined : kept.given?.get(key);
    if (known?.kind === 'text') return known.row;
    const begun = performance.now();
    const noted = notes.size;
    const made = await encodeRow(encoding, text, negative);
    // What is told of a prompt has to be told each time.
    if (key !== undefined && notes.size === noted) {
      kept.made({ key, value: { kind: 'text', row: made }, milliseconds: performance.now() - begun });
    }
    return made;
  };
  const negative = isGuided(job, model) ? await row(job.negative, true, kept.keys?.negative) : null;
  const alone = await row(job.prompt, false, kept.keys?.prompt);
  const prompt = job.mix
    ? mixRows(alone, await row(job.mix.prompt, false, kept.keys?.mix ?? undefined), job.mix.share)
    : alone;
  const regions: EncodedRow[] = [];
  for (const { prompt: words } of job.regions ?? []) {
    regions.push(await row(regionText(words, job.prompt), false, undefined));
  }
  return (step) => {
    const own = textAt(prompt, step);
    const others = negative === null ? [] : [textAt(negative, step)];
    if (regions.length === 0) return [...others, own];
    const scene = joinPlaces(
      own,
      regions.map((region) => textAt(region, step)),
    );
    const tokens = Math.max(scene.tokens, ...others.map((other) => other.tokens));
    return [...others, scene].map((text) => padPlaces(text, tokens));
  };
}
