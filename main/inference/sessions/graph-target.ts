import type { AdapterPlace, AttentionForm } from '../../../native-models/architectures/build-options.ts';
import type { ComputeSettings, Provider } from '../protocol.ts';

/** Providers that have ONNX Runtime's fused attention. */
const FUSED: Record<Provider, boolean> = {
  cpu: true,
  cuda: true,
  dml: true,
  webgpu: true,
  coreml: false,
  tensorrt: false,
};

/** How graphs are written for what they will run on. */
export interface GraphTarget {
  readonly attention: AttentionForm;
  readonly compute: 'float32' | 'float16';
  readonly adapterPlace: AdapterPlace;
}

/**
 * The form of a denoiser's graph for a device. Text encoders and autoencoders stay in float32 whatever
 * the precision: the first cost little, and many of the second overflow in float16.
 */
export function graphTarget({ provider, precision }: ComputeSettings): GraphTarget {
  return {
    attention: FUSED[provider] ? 'fused' : 'plain',
    compute: precision === 'fp16' ? 'float16' : 'float32',
    // Measured on processors only.
    adapterPlace: provider === 'cpu' ? 'cheaper' : 'beside',
  };
}
