import { compositeShader, EVERY_NEED } from './composite-shader.ts';
import { needsKey, satisfies, type ShaderNeeds } from './shader-needs.ts';

// Flag by number: the global that names it exists in a page but not in every host.
const COMPUTE = 0x04;

/** A compiled shader and what it can do. */
export interface CompositePipeline {
  readonly needs: ShaderNeeds;
  readonly pipeline: GPUComputePipeline;
}

interface Made {
  readonly ready: Promise<CompositePipeline>;
  done: CompositePipeline | null;
}

/**
 * Compositing shaders of a device, one for each set of blend modes and operations in use: compiled aside, while one that
 * can do more stands in.
 */
export class CompositePipelines {
  /** How what the shader reads is bound; the same for all. */
  readonly layout: GPUBindGroupLayout;
  readonly #device: GPUDevice;
  readonly #made = new Map<string, Made>();

  constructor(device: GPUDevice) {
    this.#device = device;
    const read = { type: 'read-only-storage' } as const;
    const tiles = { sampleType: 'uint', viewDimension: '2d-array' } as const;
    const bound: Omit<GPUBindGroupLayoutEntry, 'binding' | 'visibility'>[] = [
      { buffer: { type: 'uniform' } },
      { buffer: read },
      { buffer: read },
      { texture: tiles },
      { texture: tiles },
      { buffer: read },
      { buffer: { type: 'storage' } },
      { buffer: read },
    ];
    this.layout = device.createBindGroupLayout({
      entries: bound.map((entry, binding) => ({ binding, visibility: COMPUTE, ...entry })),
    });
  }

  /** A shader that can do what is needed: its own, or, until that is compiled, another. Rejects when it cannot be compiled. */
  async get(needs: ShaderNeeds): Promise<CompositePipeline> {
    const own = this.#make(needs);
    if (own.done) return own.done;
    return (
      [...this.#made.values()].find(({ done }) => done && satisfies(done.needs, needs))?.done ?? own.ready
    );
  }

  /** Compiles aside the one that can do everything, so that no new blend mode is waited for. */
  makeGeneral(): void {
    void this.#make(EVERY_NEED).ready.catch(() => undefined);
  }

  #make(needs: ShaderNeeds): Made {
    const key = needsKey(needs);
    const known = this.#made.get(key);
    if (known) return known;
    const device = this.#device;
    const module = device.createShaderModule({ label: 'compositor', code: compositeShader(needs) });
    const layout = device.createPipelineLayout({ bindGroupLayouts: [this.layout] });
    const ready = device
      .createComputePipelineAsync({ layout, compute: { module, entryPoint: 'main' } })
      .then((pipeline) => ({ needs, pipeline }));
    const made: Made = { ready, done: null };
    this.#made.set(key, made);
    ready.then(
      (done) => {
        made.done = done;
      },
      // Whoever asked is told; the next may ask again.
      () => this.#made.delete(key),
    );
    return made;
  }
}

const perDevice = new WeakMap<GPUDevice, CompositePipelines>();

/** The shaders of a device: compiling takes longer than drawing. */
export function pipelinesOf(device: GPUDevice): CompositePipelines {
  const kept = perDevice.get(device);
  if (kept) return kept;
  const made = new CompositePipelines(device);
  perDevice.set(device, made);
  return made;
}
