import { stat } from 'node:fs/promises';
import path from 'node:path';
import { buildControlnet, hintPixelsPerCell } from '../../../native-models/architectures/controlnet.ts';
import type { ControlnetCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts';
import { openControlnet } from '../../../native-models/checkpoints/open-controlnet.ts';
import { ModelError } from '../../../native-models/errors.ts';
import type { ComputeSettings, ControlChoice, GenerateJob } from '../protocol.ts';
import type { Feed, Network } from '../sessions/network.ts';
import { graphTarget } from '../sessions/graph-target.ts';
import type { NetworkCache } from '../sessions/network-cache.ts';
import { join } from './join-arrays.ts';
import type { LatentShape } from './latent-scale.ts';
import type { TextShape } from './text-shape.ts';
import { type OpenedModel, weightBytes } from './opened-model.ts';
import { toUnitPlanes } from './pixels.ts';

interface OpenedControl {
  readonly choice: ControlChoice;
  readonly net: ControlnetCheckpoint;
  readonly identity: string;
  /** `[3, height, width]` in 0 … 1. */
  readonly hint: Float32Array;
}

/** Inputs that UNet and ControlNets share, by name. */
export type SharedFeeds = Readonly<Record<string, Feed>>;

/** The ControlNets of one job. */
export class ActiveControls {
  readonly #controls: readonly OpenedControl[];
  readonly #shape: LatentShape;
  readonly #networks: NetworkCache;
  readonly #compute: ComputeSettings;

  private constructor(
    controls: readonly OpenedControl[],
    shape: LatentShape,
    networks: NetworkCache,
    compute: ComputeSettings,
  ) {
    this.#controls = controls;
    this.#shape = shape;
    this.#networks = networks;
    this.#compute = compute;
  }

  /** @throws ModelError when a file is no ControlNet or is one for other models. */
  static async open(
    job: GenerateJob,
    model: OpenedModel,
    shape: LatentShape,
    networks: NetworkCache,
  ): Promise<ActiveControls> {
    const controls: OpenedControl[] = [];
    for (const choice of job.controls ?? []) {
      const net = await openControlnet(choice.path);
      checkFit(net, model);
      const stamps = [];
      for (const file of net.files) {
        const { size, mtimeMs } = await stat(file.path);
        stamps.push(`${file.path} ${size} ${mtimeMs}`);
      }
      controls.push({ choice, net, identity: stamps.join(), hint: toUnitPlanes(choice.image) });
    }
    return new ActiveControls(controls, shape, networks, job.compute);
  }

  /** Whether the UNet must take residuals. */
  get any(): boolean {
    return this.#controls.length > 0;
  }

  /**
   * The residuals that the UNet is given at a step: those of the ControlNets that act there, added;
   * zeros where none acts.
   *
   * @param unet built with residuals as inputs.
   * @param share how much of the run is done, 0 … 1.
   */
  async residuals(unet: Network, feeds: SharedFeeds, text: TextShape, share: number): Promise<SharedFeeds> {
    const sums = new Map<string, Float32Array>();
    for (const control of this.#controls) {
      const { strength, start = 0, end = 1 } = control.choice;
      if (strength === 0 || share < start || share >= end) continue;
      for (const [name, values] of await this.#run(control, feeds, text)) {
        const sum = sums.get(name);
        sums.set(name, sum ? sum.map((value, i) => value + (values[i] ?? 0)) : values);
      }
    }
    const residuals: Record<string, Feed> = {};
    for (const [name, { shape }] of unet.inputs) {
      if (!name.startsWith('control_')) continue;
      const count = shape.reduce<number>((product, dimension) => product * Number(dimension), 1);
      residuals[name] = { data: sums.get(name) ?? new Float32Array(count) };
    }
    return residuals;
  }

  async #run(
    { choice, net, identity, hint }: OpenedControl,
    feeds: SharedFeeds,
    { batch, tokens }: TextShape,
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const { height, width } = this.#shape;
    const network = await this.#networks.get({
      name: 'ControlNet',
      key: `${identity}/controlnet/${batch}x${width}x${height}/${tokens}`,
      weightBytes: weightBytes(net.weights),
      compute: this.#compute,
      build: () =>
        buildControlnet(net, { batch, height, width, contextTokens: tokens, ...graphTarget(this.#compute) }),
    });
    return network.run({
      ...feeds,
      control_hint: { data: join(Array.from({ length: batch }, () => hint)) },
      control_scale: { data: Float32Array.of(choice.strength) },
    });
  }
}

function checkFit({ path: file, config }: ControlnetCheckpoint, model: OpenedModel): void {
  const wanted = model.checkpoint.unet.config.crossAttentionDim;
  const refuse = (what: string): never => {
    throw new ModelError(
      'adapter-unsupported',
      `${path.basename(file)} does not fit this model: ${what}.`,
      'Choose a ControlNet made for this kind of model.',
    );
  };
  if (model.checkpoint.unet.graphs !== undefined) refuse('the model is an ONNX export, which takes none');
  if (config.crossAttentionDim !== wanted) {
    refuse(`it reads text of width ${config.crossAttentionDim}, the model ${wanted}`);
  }
  const side = hintPixelsPerCell(config);
  if (side !== model.cell) refuse(`its cells are ${side} pixels wide, the model's ${model.cell}`);
}
