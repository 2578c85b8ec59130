import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { toHalfBits } from './half-float.ts';
import { madeUpWeights } from './made-up-weights.ts';
import { type HalfTensor, writeSafetensors } from './write-safetensors.ts';

const shapeSchema = z
  .array(
    z
      .number()
      .int()
      .min(0)
      .max(2 ** 20),
  )
  .max(8);

/** A model of a reference folder: configs, and each tensor's names in both layouts. */
export const madeUpModelSchema = z.object({
  family: z.string(),
  salt: z.number().int(),
  configs: z.record(z.string().regex(/^[a-z0-9_]+$/), z.record(z.string(), z.unknown())),
  /** `[component/name, shape]` */
  tensors: z.array(z.tuple([z.string(), shapeSchema])),
  /** `[name, shape, source names to be joined on axis 0, transposed]` */
  single_file: z.array(z.tuple([z.string(), shapeSchema, z.array(z.string()), z.boolean()])),
});
/** See {@link madeUpModelSchema}. */
export type MadeUpModel = z.infer<typeof madeUpModelSchema>;

/** Writes the model as one `.safetensors` file in the original layout, as most downloads are. */
export async function writeSingleFile(model: MadeUpModel, path: string): Promise<void> {
  const shapes = new Map(model.tensors);
  const tensors = model.single_file.map(([name, shape, sources, transposed]): HalfTensor => ({
    name,
    shape,
    bits() {
      const parts = sources.map((source) => madeUpWeights(source, shapes.get(source) ?? [], model.salt));
      const joined = Float64Array.from(parts.flatMap((part) => [...part]));
      return toHalfBits(transposed ? transpose(joined, shape) : joined);
    },
  }));
  await writeSafetensors(path, tensors);
}

/** Writes the model as a diffusers folder, with every component that its configs name. */
export async function writeDiffusersFolder(model: MadeUpModel, folder: string): Promise<void> {
  const pipeline = model.family === 'sdxl' ? 'StableDiffusionXLPipeline' : 'StableDiffusionPipeline';
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model_index.json'), JSON.stringify({ _class_name: pipeline }));
  for (const [component, config] of Object.entries(model.configs)) {
    const inside = join(folder, component);
    await mkdir(inside);
    const settings = component === 'scheduler' ? 'scheduler_config.json' : 'config.json';
    await writeFile(join(inside, settings), JSON.stringify(config));
    const own = model.tensors.filter(([name]) => name.startsWith(`${component}/`));
    if (own.length === 0) continue;
    const stem = component.startsWith('text_encoder') ? 'model' : 'diffusion_pytorch_model';
    const tensors = own.map(([name, shape]): HalfTensor => ({
      name: name.slice(component.length + 1),
      shape,
      bits: () => toHalfBits(madeUpWeights(name, shape, model.salt)),
    }));
    await writeSafetensors(join(inside, `${stem}.safetensors`), tensors);
  }
}

/** `values` are `[columns, rows]`; the file wants `[rows, columns]`. */
function transpose(values: Float64Array, [rows = 1, columns = 1]: readonly number[]): Float64Array {
  return values.map((_, i) => values[(i % columns) * rows + Math.floor(i / columns)] ?? 0);
}
