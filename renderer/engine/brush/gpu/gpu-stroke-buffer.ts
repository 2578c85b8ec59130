import { EngineError } from '../../error.ts';
import { EMPTY_RECT, intersectRect, isEmptyRect, unionRect, type Rect } from '../../geometry/rect.ts';
import { TILE_SIZE, tileKey, tileRange, tileRect } from '../../tiles/tile.ts';
import type { Brush } from '../brush.ts';
import { dabBounds, type Dab } from '../dab.ts';
import { grainTile } from '../grain.ts';
import { roundTipShape } from '../round-tip.ts';
import { DAB_WORDS, STAMP_SHADER, STAMP_WORKGROUP } from './stamp-shader.ts';

// Flags by number: the globals that name them exist in a page but not in every host.
const UNIFORM = 0x40;
const STORAGE = 0x80;
const COPY_SRC = 0x04;
const COPY_DST = 0x08;
const MAP_READ = 0x01;

const COVER_BYTES = TILE_SIZE * TILE_SIZE * 4;

interface Touched {
  readonly tx: number;
  readonly ty: number;
  readonly dabs: Dab[];
  rect: Rect;
}

/**
 * What a stroke covers so far, on a GPU that it is given: the WGSL twin of `StrokeBuffer` for round tips, equal to it
 * within 1/255. Worth it for brushes of many hundred pixels.
 */
export class GpuStrokeBuffer {
  readonly #device: GPUDevice;
  readonly #clip: Rect;
  readonly #buildUp: boolean;
  readonly #pipeline: GPUComputePipeline;
  readonly #grain: GPUBuffer;
  readonly #grained: boolean;
  readonly #tiles = new Map<number, GPUBuffer>();

  /**
   * @param clip pixels beyond it are not covered: the canvas.
   * @throws EngineError `gpu-limit` for a brush whose tip is not round.
   */
  constructor(device: GPUDevice, clip: Rect, brush: Brush) {
    if (brush.tip !== 'round')
      throw new EngineError('gpu-limit', `The tip "${brush.tip}" is stamped on the CPU only.`);
    this.#device = device;
    this.#clip = clip;
    this.#buildUp = brush.accumulation === 'build-up';
    this.#pipeline = pipelineOf(device);
    const grain = brush.grain ? grainTile(brush.grain) : null;
    this.#grained = grain !== null;
    this.#grain = device.createBuffer({ label: 'grain', size: COVER_BYTES, usage: STORAGE | COPY_DST });
    if (grain) device.queue.writeBuffer(this.#grain, 0, grain as Float32Array<ArrayBuffer>);
  }

  /** Stamps dabs in their order; as `StrokeBuffer.stamp` for each. */
  stamp(dabs: readonly Dab[]): void {
    const touched = new Map<number, Touched>();
    for (const dab of dabs) {
      const bounds = intersectRect(dabBounds(dab), this.#clip);
      if (isEmptyRect(bounds)) continue;
      const range = tileRange(bounds);
      for (let ty = range.y0; ty < range.y1; ty++) {
        for (let tx = range.x0; tx < range.x1; tx++) {
          const key = tileKey(tx, ty);
          const tile = touched.get(key) ?? { tx, ty, dabs: [], rect: EMPTY_RECT };
          tile.dabs.push(dab);
          tile.rect = unionRect(tile.rect, intersectRect(bounds, tileRect(tx, ty)));
          touched.set(key, tile);
        }
      }
    }
    for (const [key, tile] of touched) this.#stampTile(key, tile);
  }

  /** The 65,536 values of a tile, 0..1; zeros where nothing was stamped. Rejects when the device is lost. */
  async read(tx: number, ty: number): Promise<Float32Array> {
    const cover = this.#tiles.get(tileKey(tx, ty));
    if (!cover) return new Float32Array(TILE_SIZE * TILE_SIZE);
    const staging = this.#device.createBuffer({ size: COVER_BYTES, usage: MAP_READ | COPY_DST });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(cover, 0, staging, 0, COVER_BYTES);
    this.#device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(MAP_READ);
      return new Float32Array(staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  }

  /** Frees what it holds on the GPU; the device stays. */
  dispose(): void {
    this.#grain.destroy();
    for (const cover of this.#tiles.values()) cover.destroy();
    this.#tiles.clear();
  }

  #stampTile(key: number, { tx, ty, dabs, rect }: Touched): void {
    const device = this.#device;
    const left = tx * TILE_SIZE;
    const top = ty * TILE_SIZE;
    let cover = this.#tiles.get(key);
    if (!cover) {
      cover = device.createBuffer({ label: 'cover', size: COVER_BYTES, usage: STORAGE | COPY_SRC });
      this.#tiles.set(key, cover);
    }
    const where = this.#upload(
      UNIFORM,
      Uint32Array.of(
        rect.x - left,
        rect.y - top,
        rect.width,
        rect.height,
        dabs.length,
        this.#grained ? 1 : 0,
        0,
        0,
      ),
    );
    const words = this.#upload(STORAGE, this.#pack(dabs, left, top));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: this.#pipeline.getBindGroupLayout(0),
        entries: [where, words, cover, this.#grain].map((buffer, binding) => ({
          binding,
          resource: { buffer },
        })),
      }),
    );
    pass.dispatchWorkgroups(
      Math.ceil(rect.width / STAMP_WORKGROUP),
      Math.ceil(rect.height / STAMP_WORKGROUP),
    );
    pass.end();
    device.queue.submit([encoder.finish()]);
    // A destroyed buffer lives until the work that was submitted with it is done.
    where.destroy();
    words.destroy();
  }

  /** Dabs as the shader reads them, centres relative to the tile so that single precision holds them. */
  #pack(dabs: readonly Dab[], left: number, top: number): Float32Array<ArrayBuffer> {
    const words = new Float32Array(dabs.length * DAB_WORDS);
    for (const [i, dab] of dabs.entries()) {
      const { radius, cos, sin, stretch, samples, edge, half } = roundTipShape(dab);
      const limit = this.#buildUp ? 1 : dab.opacity;
      const weight = this.#buildUp ? dab.opacity * dab.flow : dab.flow;
      words.set(
        [dab.x - left, dab.y - top, radius, cos, sin, stretch, samples, edge, half, limit, weight],
        i * DAB_WORDS,
      );
    }
    return words;
  }

  #upload(usage: number, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.#device.createBuffer({
      size: Math.ceil(data.byteLength / 16) * 16,
      usage: usage | COPY_DST,
    });
    this.#device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }
}

const pipelines = new WeakMap<GPUDevice, GPUComputePipeline>();

/** The compiled shader, once a device. */
function pipelineOf(device: GPUDevice): GPUComputePipeline {
  const kept = pipelines.get(device);
  if (kept) return kept;
  const module = device.createShaderModule({ label: 'stamp', code: STAMP_SHADER });
  const made = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  pipelines.set(device, made);
  return made;
}
