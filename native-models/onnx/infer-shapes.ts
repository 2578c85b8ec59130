import type { Attributes } from './attributes.ts';
import { elementwiseRules } from './shape-rules/elementwise.ts';
import { layoutRules } from './shape-rules/layout.ts';
import { neuralRules } from './shape-rules/neural.ts';
import { ShapeError, type RuleInputs, type ShapeRule } from './shape-rules/rule.ts';
import type { TensorType } from './value.ts';

const rules: ReadonlyMap<string, ShapeRule> = new Map(
  [elementwiseRules, layoutRules, neuralRules].flatMap((topic) => Object.entries(topic)),
);

/**
 * The types of a node's outputs. `operator` is the ONNX name, with `com.microsoft.` before ONNX Runtime's own.
 * @throws {ShapeError} when the inputs do not fit the operator, or no rule for it is written here.
 */
export function inferShapes(
  operator: string,
  inputs: RuleInputs,
  attributes: Attributes,
): readonly TensorType[] {
  const rule = rules.get(operator);
  if (rule === undefined) throw new ShapeError(`no shape rule for ${operator}`);
  try {
    return rule(inputs, attributes);
  } catch (cause) {
    if (cause instanceof ShapeError) throw new ShapeError(`${operator}: ${cause.message}`, { cause });
    throw cause;
  }
}
