// Where keys stand that must be the first or the last of their object, because there order decides.

/** The start or the end of an object. */
export type Order = "first" | "last";

/** Returns which of `ours` are to be taken to that end of `names`, one after the other; what is in place stays there. */
export function misplaced(names: readonly string[], ours: readonly string[], order: Order): string[] {
  const wanted = orderOf(names, ours, order);
  const present = ours.filter((name) => names.includes(name));
  if (order === "first") present.reverse();
  for (let kept = present.length; kept > 0; kept--) {
    const moved = present.slice(kept);
    const [left, right] = [names, wanted].map((all) => all.filter((name) => !moved.includes(name)));
    if (left.every((name, i) => name === right[i])) return moved;
  }
  return present;
}

/** Returns `names` in the order they are to have: those that are `ours`, in that order, at the start or at the end. */
function orderOf(names: readonly string[], ours: readonly string[], order: Order): string[] {
  const present = ours.filter((name) => names.includes(name));
  const others = names.filter((name) => !present.includes(name));
  return order === "first" ? [...present, ...others] : [...others, ...present];
}
