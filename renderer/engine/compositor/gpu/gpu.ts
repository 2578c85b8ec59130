import type { DocumentEvent, PaintDocument } from '../../document.ts';
import { EngineError } from '../../error.ts';
import { intersectRect, isEmptyRect, type Rect } from '../../geometry/rect.ts';
import { colourFormat, maskFormat, TILE_SIZE, tileRange, tileRect, type BitDepth } from '../../tiles/tile.ts';
import { DamageTracker } from '../damage-tracker.ts';
import { planDocument } from '../plan.ts';
import type { AlphaFormat } from '../write-pixels.ts';
import { COMPOSITE_SHADER, WORKGROUP } from './composite-shader.ts';
import { compileProgram, NONE, type CompositeProgram } from './program.ts';
import { TileAtlas } from './tile-atlas.ts';

/** What a GPU compositor is made with. */
export interface GpuCompositorOptions {
  /** Tiles kept on the GPU, 256 KiB each; bounded by the device's `maxTextureArrayLayers`. Default 512. */
  readonly tileSlots?: number;
}

/** A composited rectangle that lies on the GPU. */
export interface GpuPicture {
  /** Packed RGBA8, row by row. Valid until the next call; it may be copied from. */
  readonly buffer: GPUBuffer;
  /** Bytes a row: a multiple of 256, as texture copies want it. */
  readonly bytesPerRow: number;
  readonly rect: Rect;
}

// Flags by number: the globals that name them exist in a page but not in every host.
const UNIFORM = 0x40;
const STORAGE = 0x80;
const COPY_SRC = 0x04;
const COPY_DST = 0x08;
const MAP_READ = 0x01;

/** Longest edge that is composited in one piece: 16 MiB of result. */
const PIECE = 2048;

const PARAMETER_BYTES = 56;

/**
 * Composites a document on a GPU that it is given: the WGSL twin of `CpuCompositor`, equal to it within 1/255. All layers
 * of a pixel are composited in registers in one pass, so the cost of a dab is what it covers; nothing is kept but the
 * tiles themselves.
 */
export class GpuCompositor {
  readonly #device: GPUDevice;
  readonly #document: PaintDocument;
  readonly #tileSlots: number;
  #depth: BitDepth;
  #atlas: TileAtlas;
  #maskAtlas: TileAtlas;
  readonly #pipeline: GPUComputePipeline;
  readonly #damage: DamageTracker;
  readonly #unsubscribe: () => void;
  readonly #buffers = new Map<string, GPUBuffer>();
  #program: CompositeProgram | null = null;
  #solo: string | null = null;

  constructor(device: GPUDevice, document: PaintDocument, options: GpuCompositorOptions = {}) {
    this.#device = device;
    this.#document = document;
    this.#tileSlots = options.tileSlots ?? 512;
    this.#depth = document.format.depth;
    this.#atlas = new TileAtlas(device, this.#tileSlots, colourFormat(this.#depth));
    this.#maskAtlas = new TileAtlas(device, this.#tileSlots, maskFormat(this.#depth));
    this.#pipeline = pipelineOf(device);
    this.#damage = new DamageTracker(document);
    this.#unsubscribe = document.subscribe((event) => this.#follow(event));
  }

  /** Shows one layer by itself, or all again; as `CpuCompositor.setSolo`, but that it tells nobody. */
  setSolo(layerId: string | null): void {
    if (layerId === this.#solo) return;
    this.#solo = layerId;
    this.#program = null;
    this.#damage.add({ changes: [], pixels: [], structure: this.#document.canvas });
  }

  /** What looks different since the last call; as `CpuCompositor.takeDamage`. */
  takeDamage(): Rect[] {
    return this.#damage.take();
  }

  /**
   * Composites a rectangle of at most 2048 × 2048 pixels and leaves it on the GPU.
   * @throws EngineError `invalid-size` beyond that; `gpu-limit` when groups nest too deep or one tile's layers do not
   * fit the atlas: use the CPU compositor then.
   */
  composite(rect: Rect, format: AlphaFormat = 'premultiplied'): GpuPicture {
    if (rect.width > PIECE || rect.height > PIECE || isEmptyRect(rect)) {
      throw new EngineError(
        'invalid-size',
        `${rect.width} × ${rect.height} pixels cannot be composited in one piece.`,
      );
    }
    const stride = Math.ceil(rect.width / 64) * 64;
    const buffer = this.#buffer('result', stride * rect.height * 4, STORAGE | COPY_SRC);
    this.#followDepth();
    const program = (this.#program ??= compileProgram(planDocument(this.#document, this.#solo)));
    this.#device.queue.writeBuffer(
      this.#buffer('program', Math.max(16, program.code.byteLength), STORAGE | COPY_DST),
      0,
      program.code,
    );
    this.#device.queue.writeBuffer(
      this.#buffer('data', Math.max(16, program.data.byteLength), STORAGE | COPY_DST),
      0,
      program.data,
    );
    this.#compositePart(rect, rect, program, buffer, stride, format);
    return { buffer, bytesPerRow: stride * 4, rect };
  }

  /**
   * Composites a rectangle of any size and reads it back.
   * @returns RGBA8, `rect.width * rect.height * 4` bytes.
   * @throws as `composite`, but for size; rejects when the device is lost.
   */
  async read(rect: Rect, format: AlphaFormat = 'straight'): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const out = new Uint8ClampedArray(rect.width * rect.height * 4);
    for (let y = rect.y; y < rect.y + rect.height; y += PIECE) {
      for (let x = rect.x; x < rect.x + rect.width; x += PIECE) {
        await this.#readPiece(rect, intersectRect(rect, { x, y, width: PIECE, height: PIECE }), out, format);
      }
    }
    return out;
  }

  /** Stops following the document and frees what it holds on the GPU; the device stays. */
  dispose(): void {
    this.#unsubscribe();
    this.#atlas.dispose();
    this.#maskAtlas.dispose();
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }

  async #readPiece(rect: Rect, piece: Rect, out: Uint8ClampedArray, format: AlphaFormat): Promise<void> {
    const { buffer, bytesPerRow } = this.composite(piece, format);
    const size = bytesPerRow * piece.height;
    const staging = this.#device.createBuffer({ label: 'readback', size, usage: MAP_READ | COPY_DST });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(MAP_READ);
      const bytes = new Uint8Array(staging.getMappedRange());
      for (let y = 0; y < piece.height; y++) {
        const row = bytes.subarray(y * bytesPerRow, y * bytesPerRow + piece.width * 4);
        out.set(row, ((piece.y - rect.y + y) * rect.width + piece.x - rect.x) * 4);
      }
      staging.unmap();
    } finally {
      staging.destroy();
    }
  }

  /** Composites a part whose tiles fit the atlas together, or its halves. */
  #compositePart(
    part: Rect,
    whole: Rect,
    program: CompositeProgram,
    result: GPUBuffer,
    stride: number,
    format: AlphaFormat,
  ): void {
    const range = tileRange(part);
    const slots = this.#placeTiles(range, program);
    if (slots) {
      this.#dispatch(part, whole, range, slots, program, result, stride, format);
      return;
    }
    for (const half of halves(part)) this.#compositePart(half, whole, program, result, stride, format);
  }

  /** The slot of every layer's tile and of every mask's, tile by tile; null when they do not fit together. */
  #placeTiles(
    range: ReturnType<typeof tileRange>,
    { layers, masks }: CompositeProgram,
  ): Uint32Array<ArrayBuffer> | null {
    const { canvas } = this.#document;
    const tiles = (range.x1 - range.x0) * (range.y1 - range.y0);
    const slots = new Uint32Array(Math.max(4, tiles * (layers.length + masks.length))).fill(NONE);
    this.#atlas.beginBatch();
    this.#maskAtlas.beginBatch();
    let at = 0;
    const put = (atlas: TileAtlas, data: Uint8Array | undefined): boolean => {
      const slot = data ? atlas.place(data) : NONE;
      if (slot === null && tiles === 1)
        throw new EngineError('gpu-limit', `${layers.length} layers do not fit the GPU's tiles.`);
      slots[at++] = slot ?? NONE;
      return slot !== null;
    };
    for (let ty = range.y0; ty < range.y1; ty++) {
      for (let tx = range.x0; tx < range.x1; tx++) {
        for (const layer of layers) if (!put(this.#atlas, layer.get(tx, ty))) return null;
        for (const mask of masks) if (!put(this.#maskAtlas, mask.maskTile(tx, ty, canvas))) return null;
      }
    }
    return slots;
  }

  /** Tiles of another depth need another texture. */
  #followDepth(): void {
    const { depth } = this.#document.format;
    if (depth === this.#depth) return;
    this.#depth = depth;
    this.#atlas.dispose();
    this.#maskAtlas.dispose();
    this.#atlas = new TileAtlas(this.#device, this.#tileSlots, colourFormat(depth));
    this.#maskAtlas = new TileAtlas(this.#device, this.#tileSlots, maskFormat(depth));
  }

  #dispatch(
    part: Rect,
    whole: Rect,
    range: ReturnType<typeof tileRange>,
    slots: Uint32Array<ArrayBuffer>,
    program: CompositeProgram,
    result: GPUBuffer,
    stride: number,
    format: AlphaFormat,
  ): void {
    const parameters = new Int32Array([
      part.x,
      part.y,
      part.width,
      part.height,
      range.x0,
      range.y0,
      range.x1 - range.x0,
      program.layers.length,
      program.length,
      format === 'straight' ? 1 : 0,
      stride,
      (part.y - whole.y) * stride + part.x - whole.x,
      program.masks.length,
      0,
    ]);
    new Float32Array(parameters.buffer)[13] = colourFormat(this.#depth).maximum;
    const { queue } = this.#device;
    const uniform = this.#buffer('parameters', PARAMETER_BYTES, UNIFORM | COPY_DST);
    const table = this.#buffer('slots', slots.byteLength, STORAGE | COPY_DST);
    queue.writeBuffer(uniform, 0, parameters);
    queue.writeBuffer(table, 0, slots);
    const code = this.#buffer('program', 16, STORAGE | COPY_DST);
    const resources: GPUBindingResource[] = [
      { buffer: uniform },
      { buffer: code },
      { buffer: table },
      this.#atlas.texture.createView({ dimension: '2d-array' }),
      this.#maskAtlas.texture.createView({ dimension: '2d-array' }),
      { buffer: this.#buffer('data', 16, STORAGE | COPY_DST) },
      { buffer: result },
    ];
    const group = this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: resources.map((resource, binding) => ({ binding, resource })),
    });
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(part.width / WORKGROUP), Math.ceil(part.height / WORKGROUP));
    pass.end();
    queue.submit([encoder.finish()]);
  }

  /** A buffer that is made once and made anew only when it has to grow. */
  #buffer(label: string, size: number, usage: number): GPUBuffer {
    const kept = this.#buffers.get(label);
    if (kept && kept.size >= size) return kept;
    kept?.destroy();
    const made = this.#device.createBuffer({ label, size: Math.ceil(size / 16) * 16, usage });
    this.#buffers.set(label, made);
    return made;
  }

  #follow(event: DocumentEvent): void {
    this.#damage.add(event);
    if (event.structure) this.#program = null;
    for (const { layerId, plane, rect } of event.pixels) {
      const overlay = this.#document.layers.find(layerId)?.plane(plane).overlay;
      if (!overlay) continue;
      const atlas = plane === 'pixels' ? this.#atlas : this.#maskAtlas;
      const range = tileRange(rect);
      for (let ty = range.y0; ty < range.y1; ty++) {
        for (let tx = range.x0; tx < range.x1; tx++) {
          const data = overlay.get(tx, ty);
          const part = intersectRect(rect, tileRect(tx, ty));
          if (data) atlas.touch(data, { ...part, x: part.x - tx * TILE_SIZE, y: part.y - ty * TILE_SIZE });
        }
      }
    }
  }
}

const pipelines = new WeakMap<GPUDevice, GPUComputePipeline>();

/** The compiled program, once a device: compiling takes longer than drawing. */
function pipelineOf(device: GPUDevice): GPUComputePipeline {
  const kept = pipelines.get(device);
  if (kept) return kept;
  const module = device.createShaderModule({ label: 'compositor', code: COMPOSITE_SHADER });
  const made = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  pipelines.set(device, made);
  return made;
}

/** The two halves of a rectangle, cut where tiles meet. */
function halves(rect: Rect): Rect[] {
  const range = tileRange(rect);
  const across = range.x1 - range.x0;
  if (across > 1) {
    const cut = (range.x0 + Math.floor(across / 2)) * TILE_SIZE;
    return [
      { ...rect, width: cut - rect.x },
      { ...rect, x: cut, width: rect.x + rect.width - cut },
    ];
  }
  const cut = (range.y0 + Math.floor((range.y1 - range.y0) / 2)) * TILE_SIZE;
  return [
    { ...rect, height: cut - rect.y },
    { ...rect, y: cut, height: rect.y + rect.height - cut },
  ];
}
