import { Sparkles } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import { recipeSchema } from '../../../preload/contract/index.ts';
import { takeSettings } from '../../commands/take-settings.ts';
import { recipeFacts } from './recipe-facts.ts';
import { useRoom } from '../workspace-context.tsx';
import type { LayerRecord } from '../../engine/layers/layer-record.ts';

/** The spark on a generated layer: opens what the picture was made with. */
export function RecipeCard({ layer }: { layer: LayerRecord }) {
  const { workspace } = useRoom();
  const parsed = recipeSchema.safeParse(layer.recipe);
  if (!parsed.success) {
    return (
      <span className="badge" title="Made by a model; its recipe cannot be read by this version">
        <Sparkles size={16} strokeWidth={1.75} aria-hidden />
      </span>
    );
  }
  const recipe = parsed.data;
  return (
    <DialogTrigger>
      <Button className="button quiet icon-button" aria-label={`Recipe of ${layer.name}`}>
        <Sparkles size={16} strokeWidth={1.75} aria-hidden />
      </Button>
      <Popover className="popover" placement="left top" offset={8}>
        <Dialog className="recipe-card">
          {({ close }) => (
            <>
              <Heading slot="title" level={3}>
                Recipe
              </Heading>
              <dl>
                {recipeFacts(recipe).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
              <Button
                className="button"
                onPress={() => {
                  void takeSettings(workspace, recipe, null);
                  close();
                }}
              >
                Use these settings
              </Button>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
