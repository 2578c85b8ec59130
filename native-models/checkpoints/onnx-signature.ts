import { ModelError } from '../errors.ts';
import type { ElementType } from '../onnx/element-type.ts';
import type { GraphFile } from '../onnx/graph-file.ts';
import type { TensorType } from '../onnx/value.ts';

/** What a graph must be given, may be given, and must give: of each list one. */
export interface GraphRules {
  readonly inputs: readonly string[];
  readonly optional: readonly string[];
  readonly outputs: readonly (readonly string[])[];
}

/** Types that inputs are given in. */
const givenTypes: ReadonlySet<ElementType> = new Set(['float32', 'float16', 'float64', 'int64', 'int32']);

/**
 * Holds a graph of an export against what it is to be.
 * @throws {ModelError} `tensor-missing` for what it lacks, `family-unsupported` for inputs that nobody here has,
 * `dtype-unsupported` for inputs of a type that nobody gives.
 */
export function checkGraph(name: string, graph: GraphFile, rules: GraphRules): void {
  const lacking = [
    ...rules.inputs.filter((input) => !graph.inputs.has(input)).map((input) => `an input "${input}"`),
    ...rules.outputs
      .filter((choices) => !choices.some((output) => graph.outputs.has(output)))
      .map((choices) => `an output "${choices.join('" or "')}"`),
  ];
  if (lacking.length > 0) {
    throw new ModelError(
      'tensor-missing',
      `The graph of the ${name} has not ${lacking.join(' and ')}; its inputs are ${[...graph.inputs.keys()].join(', ')}.`,
      'Export the model again with Optimum, or get its .safetensors version.',
    );
  }
  const odd = [...graph.inputs].find(([, { dtype }]) => !givenTypes.has(dtype));
  if (odd !== undefined) {
    throw new ModelError(
      'dtype-unsupported',
      `The graph of the ${name} wants its "${odd[0]}" as ${odd[1].dtype}, which is not given here.`,
      'Export the model again in fp32 or fp16.',
    );
  }
  const known = new Set([...rules.inputs, ...rules.optional]);
  const other = [...graph.inputs.keys()].find((input) => !known.has(input));
  if (other !== undefined) {
    throw new ModelError(
      'family-unsupported',
      `The graph of the ${name} asks for "${other}", which a model made of text alone does not.`,
      'Get the plain version of this model.',
    );
  }
}

/** A dimension that the graph fixes; undefined where it is free or there is none. */
export function fixedDimension(type: TensorType | undefined, axis: number): number | undefined {
  const dimension = type?.shape[axis];
  // Some exporters write 0 or -1 for a dimension that they leave open.
  return typeof dimension === 'number' && dimension > 0 ? dimension : undefined;
}
