import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { z } from 'zod';

/** What a file that another program put beside a model says about it. */
export interface Sidecar {
  readonly title: string | null;
  readonly triggerWords: readonly string[];
  readonly notes: string | null;
}

const MAX_BYTES = 2 * 1024 * 1024;
const MOST_WORDS = 30;
const MOST_TEXT = 2000;

const text = z.string().nullish().catch(null);
const words = z.array(z.string()).nullish().catch(null);

/** A1111's own card of an extra network: `NAME.json`. */
const webuiSchema = z.object({ 'activation text': text, notes: text, description: text });
/** Civitai's answer for a model version, as several helpers keep it: `NAME.civitai.info`. */
const civitaiSchema = z.object({
  trainedWords: words,
  description: text,
  model: z.object({ name: text }).nullish().catch(null),
});
/** Stability Matrix: `NAME.cm-info.json`. */
const matrixSchema = z.object({ ModelName: text, TrainedWords: words, ModelDescription: text });

/**
 * Reads what other programs keep beside a model; null when there is nothing, or nothing that can be read. It is
 * shown and never trusted, and never written.
 *
 * @param modelPath the `.safetensors` file
 */
export async function readSidecar(modelPath: string): Promise<Sidecar | null> {
  const stem = modelPath.slice(0, -extname(modelPath).length);
  const civitai = civitaiSchema.safeParse(await readJson(`${stem}.civitai.info`));
  if (civitai.success) {
    const { trainedWords, description, model } = civitai.data;
    return sidecar(model?.name, trainedWords, description);
  }
  const matrix = matrixSchema.safeParse(await readJson(`${stem}.cm-info.json`));
  if (matrix.success) {
    const { ModelName: title, TrainedWords: trained, ModelDescription: description } = matrix.data;
    return sidecar(title, trained, description);
  }
  const webui = webuiSchema.safeParse(await readJson(`${stem}.json`));
  if (webui.success) {
    const { 'activation text': activation, notes, description } = webui.data;
    const found = sidecar(null, activation?.split(','), notes ?? description);
    // Any JSON object would pass: without a word of A1111's it is some other program's.
    return found.triggerWords.length > 0 || found.notes !== null ? found : null;
  }
  return null;
}

function sidecar(
  title: string | null | undefined,
  trained: readonly string[] | null | undefined,
  notes: string | null | undefined,
): Sidecar {
  const clean = (trained ?? []).flatMap((entry) => entry.split(',')).map((word) => word.trim());
  return {
    title: title?.trim().slice(0, 200) || null,
    triggerWords: [...new Set(clean)]
      .filter((word) => word !== '' && word.length <= 100)
      .slice(0, MOST_WORDS),
    notes: withoutMarkup(notes ?? '').slice(0, MOST_TEXT) || null,
  };
}

/** Civitai's descriptions are HTML; what is shown here is text. */
function withoutMarkup(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

async function readJson(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    return size > MAX_BYTES ? undefined : JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
