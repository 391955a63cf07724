// Keeps the focus where it was when a form or tab is drawn again.

/** Returns a function that puts focus and caret back where they were in `box`, and says whether it could. */
export function rememberFocus(box) {
  const node = document.activeElement;
  const caret = node?.selectionStart ?? null;
  const { actionId, inBlock } = node?.dataset ?? {};
  const selector = actionId
    ? `[data-action-id="${CSS.escape(actionId)}"][data-in-block="${CSS.escape(inBlock ?? "")}"]`
    : node?.id && `#${CSS.escape(node.id)}`;
  return () => {
    const again = selector && box.querySelector(selector);
    again?.focus({ preventScroll: true });
    if (again && caret !== null && again.setSelectionRange && again.type !== "email")
      again.setSelectionRange(caret, caret);
    return Boolean(again);
  };
}
