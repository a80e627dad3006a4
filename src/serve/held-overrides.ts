import type { OverrideStore } from "../catalogue/port.ts";

/**
 * The overrides of a gateway that runs. The store is read once: it has one owner, and a database that cannot be read
 * any more, or was changed by hand meanwhile, must not change what tools are. What cannot be stored is not in force.
 */
export const holdOverrides = (store: OverrideStore): OverrideStore => {
  let all = store.list();
  return {
    list: () => all,
    put: (override) => {
      store.put(override);
      const others = all.filter(({ server, tool }) => server !== override.server || tool !== override.tool);
      all = [...others, override].toSorted(inOrder);
    },
    remove: (server, tool) => {
      const there = all.some((each) => each.server === server && each.tool === tool);
      store.remove(server, tool);
      all = all.filter((each) => each.server !== server || each.tool !== tool);
      return there;
    },
  };
};

type Named = { readonly server: string; readonly tool: string };

const inOrder = (one: Named, other: Named): number =>
  compare(one.server, other.server) || compare(one.tool, other.tool);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
