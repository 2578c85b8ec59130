import { type AdapterSource, PEFT_METADATA } from './adapter-source.ts';
import type { TargetModule } from './adapter-target.ts';

/**
 * What PEFT multiplies a layer's product by, which its files keep as settings in place of an `alpha` a layer: alpha over rank, or
 * over its root (rank-stabilised, arXiv:2312.03732), where a layer may have its own of both (`alpha_pattern`, `rank_pattern`).
 *
 * @param rank of the layer's tensors
 * @returns null where the source says nothing.
 */
export function peftScale(source: AdapterSource, module: TargetModule, rank: number): number | null {
  const settings = parse(source.metadata.get(PEFT_METADATA));
  if (settings === null) return null;
  const said = (name: string): unknown => settings[`${module.component}.${name}`] ?? settings[name];
  const alpha = patternOf(said('alpha_pattern'), module.name) ?? said('lora_alpha');
  if (typeof alpha !== 'number' || !Number.isFinite(alpha)) return null;
  return alpha / (said('use_rslora') === true ? Math.sqrt(rank) : rank);
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text ?? 'null');
    return isRecord(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** The value of the first name that is the module's or ends it, as PEFT looks it up. */
function patternOf(pattern: unknown, module: string): unknown {
  if (!isRecord(pattern)) return undefined;
  return Object.entries(pattern).find(([name]) => module === name || module.endsWith(`.${name}`))?.[1];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
