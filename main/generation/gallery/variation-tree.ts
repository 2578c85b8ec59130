import type { Recipe, RequestResult, ResultSummary } from '../../../preload/contract/index.ts';
import { countEvaluations } from '../count-evaluations.ts';
import { recipeName } from '../variation/vary.ts';

type Node = RequestResult<'gallery.tree'>[number];

/** Most pictures that one tree shows. */
const MOST = 200;

/**
 * Everything that shares its origin with a result: up its lineage to the first picture that is still here, then all that
 * came of that. Parents stand before their children, elder children before younger ones.
 *
 * @param results newest first
 */
export function variationTree(resultId: string, results: readonly ResultSummary[]): Node[] {
  const oldestFirst = results.toReversed();
  const byName = new Map<string, ResultSummary>();
  for (const summary of oldestFirst) {
    const name = recipeName(summary.recipe);
    if (!byName.has(name)) byName.set(name, summary);
  }
  const parentOf = ({ recipe }: ResultSummary): ResultSummary | undefined =>
    byName.get(recipe.lineage?.[0]?.recipe ?? '');
  const children = new Map<string, ResultSummary[]>();
  for (const summary of oldestFirst) {
    const parent = parentOf(summary);
    if (parent) children.set(parent.resultId, [...(children.get(parent.resultId) ?? []), summary]);
  }
  let root = results.find((summary) => summary.resultId === resultId);
  const climbed = new Set<string>();
  for (let above = root; above && !climbed.has(above.resultId); above = parentOf(above)) {
    climbed.add(above.resultId);
    root = above;
  }
  const nodes: Node[] = [];
  const seen = new Set<string>();
  const add = (summary: ResultSummary, parent: string | null): void => {
    if (seen.has(summary.resultId) || nodes.length >= MOST) return;
    seen.add(summary.resultId);
    const origin = parent === null ? undefined : summary.recipe.lineage?.[0];
    nodes.push({
      resultId: summary.resultId,
      parent,
      how: origin?.how ?? null,
      step: origin?.step ?? null,
      steps: stepsOf(summary.recipe),
      seconds: summary.seconds,
      prompt: summary.recipe.prompt,
    });
    for (const child of children.get(summary.resultId) ?? []) add(child, summary.resultId);
  };
  if (root) add(root, null);
  return nodes;
}

/** Steps that a recipe's run has: fewer than it says where it started from a picture. */
function stepsOf(recipe: Recipe): number {
  try {
    return countEvaluations({ ...recipe, controls: [], strength: recipe.init?.strength ?? null }).steps;
  } catch {
    // A sampler of another version.
    return recipe.steps;
  }
}
