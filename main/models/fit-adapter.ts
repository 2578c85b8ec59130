import { adapterFamily } from '../../native-models/adapters/adapter-family.ts';
import {
  adapterFileIn,
  adapterName,
  type AdapterSource,
  openAdapterFile,
} from '../../native-models/adapters/adapter-source.ts';
import type { AdapterTarget } from '../../native-models/adapters/adapter-target.ts';
import { splitKey, UNKNOWN_NAME } from '../../native-models/adapters/split-key.ts';
import { readAdapter } from '../../native-models/adapters/read-adapter.ts';
import { listAdapterSites, listNorms } from '../../native-models/architectures/adapter-sites.ts';
import type { Checkpoint } from '../../native-models/checkpoints/checkpoint.ts';
import type { Weights } from '../../native-models/checkpoints/weights.ts';
import { openCheckpoint } from '../../native-models/checkpoints/open-checkpoint.ts';
import { refusePickle } from './refuse-pickle.ts';
import { FAMILY_NAMES } from './checkpoint-card.ts';
import { familyBadge } from './family-badge.ts';

/** How an adapter file goes with a model. */
export interface AdapterFit {
  /** The file's name without its ending. */
  readonly name: string;
  /** False when not one of its keys fits: it would change nothing. */
  readonly fits: boolean;
  readonly keys: number;
  readonly usedKeys: number;
  /** The keys that change nothing, each with its reason. */
  readonly unused: readonly { readonly key: string; readonly reason: string }[];
  /** The family that the file is for; null when it cannot be told. */
  readonly family: string | null;
  /** What a person should know, and can do; null when nothing. */
  readonly notice: { readonly message: string; readonly remedy: string } | null;
}

/**
 * Reads an adapter's header against a model's, before anything runs.
 *
 * @throws ModelError `pickle-refused`, `file-missing`, `file-truncated`, `header-invalid` … for files that are no adapters
 */
export async function fitAdapter(modelPath: string, adapterPath: string): Promise<AdapterFit> {
  const name = adapterName(adapterPath);
  refusePickle(adapterPath);
  const source = await openAdapterFile(await adapterFileIn(adapterPath));
  const checkpoint = await openCheckpoint(modelPath);
  if (checkpoint.layout === 'onnx') return fitsNoExport(name, source);
  const { layers, report } = await readAdapter(source, targetOf(checkpoint));
  const { keys, usedKeys, unused } = report;
  const family = familyBadge(report.family);
  const model = FAMILY_NAMES[checkpoint.family];
  const fits = layers.length > 0;
  const notice = fits
    ? partNotice(name, usedKeys, keys)
    : (kindNotice(name, unused) ?? {
        message: `${name} ${mismatch(family, model)}: 0 of ${keys} keys fit. The other adapters stay on.`,
        remedy: 'Switch model or take it off.',
      });
  return { name, fits, keys, usedKeys, unused, family, notice };
}

function fitsNoExport(name: string, source: AdapterSource): AdapterFit {
  const reason = 'the model is an ONNX export, which takes no adapters';
  const unused = [...source.tensors.keys()].map((key) => ({ key, reason }));
  return {
    name,
    fits: false,
    keys: unused.length,
    usedKeys: 0,
    unused,
    family: familyBadge(adapterFamily(source)),
    notice: {
      message: `${name} changes nothing: this model is an ONNX export, which takes no adapters.`,
      remedy: 'Use the .safetensors version of the model, or take the adapter off.',
    },
  };
}

/** For a kind that is read for no model: then another model is no way out. */
function kindNotice(name: string, unused: AdapterFit['unused']): AdapterFit['notice'] {
  const [first] = unused.flatMap(({ key }) => {
    const split = splitKey(key);
    return 'reason' in split && split.reason !== UNKNOWN_NAME ? [split.reason] : [];
  });
  const known = unused.some(({ key }) => {
    const split = splitKey(key);
    return 'part' in split && !['alpha', 'scalar', 'ia3'].includes(split.part);
  });
  if (first === undefined || known) return null;
  return {
    message: `${name} changes nothing: ${first}. The other adapters stay on.`,
    remedy: 'Use a LoRA, LoCon, LoHa, LoKr or DoRA of the same subject.',
  };
}

function mismatch(family: string | null, model: string): string {
  if (family === null) return 'has no layers of this model';
  if (family === model) return `is for ${family} at its usual size and this model has layers of other sizes`;
  return `is for ${family} and this model is ${model}`;
}

function partNotice(name: string, used: number, keys: number): AdapterFit['notice'] {
  if (used === keys) return null;
  return {
    message: `${name} fits in part: ${used} of ${keys} keys, the rest change nothing. The picture is valid.`,
    remedy: 'See which keys, or take it off.',
  };
}

function targetOf({ family, unet, textEncoders }: Checkpoint): AdapterTarget {
  const [first, second] = textEncoders;
  const ofEach = <T>(list: (weights: Weights) => T) => ({
    unet: list(unet.weights),
    ...(first ? { text_encoder: list(first.weights) } : {}),
    ...(second ? { text_encoder_2: list(second.weights) } : {}),
  });
  return { family: FAMILY_NAMES[family], sites: ofEach(listAdapterSites), norms: ofEach(listNorms) };
}
