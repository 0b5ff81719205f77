/* Keys and small helps of the pages.
   Invariant: a key only ever presses a control that is visible on the page (data-key), so nothing
   is possible by key alone, and nothing happens while a person types in a field or when keys are
   switched off. It makes no request of its own. */
(() => {
  "use strict";
  const root = document.documentElement;
  const help = document.getElementById("keys-help");

  // Letters follow the layout; digits follow the place, because AZERTY needs Shift for them.
  const nameOf = (event) => {
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code || "");
    if (digit) return digit[1];
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  };

  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || element.matches("input:not([type=checkbox]), select, textarea"));

  const press = (control) => {
    if (control.matches("input, select, textarea")) control.focus();
    else if (control instanceof HTMLDetailsElement) control.open = !control.open;
    else control.click();
  };

  const showHelp = () => {
    if (!help) return;
    if (help.open) help.close();
    else help.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (event.key === " " && event.target instanceof Element && isBox(event.target)) {
      event.preventDefault();
      return goTo(event.target);
    }
    if (root.dataset.keys === "off" || typing(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      return showHelp();
    }
    if (help && help.open) return;
    const name = nameOf(event);
    const control = [...document.querySelectorAll("[data-key]")].find(
      (element) => element.dataset.key === name && element.getClientRects().length,
    );
    if (!control) return;
    event.preventDefault();
    press(control);
  });

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-open-help]")) {
      event.preventDefault();
      showHelp();
    }
    if (event.target.closest("[data-close-help]")) help?.close();
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });

  // A verdict is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // A field and its box on the page light each other; both carry the same name and number.
  const light = (event, on) => {
    if (!(event.target instanceof Element)) return;
    const name = event.target.closest("[data-field]")?.getAttribute("data-field");
    if (!name) return;
    for (const element of allOf(name)) element.classList.toggle("lit", on);
  };
  const allOf = (name) => [...document.querySelectorAll(`[data-field="${CSS.escape(name)}"]`)];
  const isBox = (element) => element.matches("a[role=button]");
  for (const [start, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(start, (event) => light(event, true));
    document.addEventListener(end, (event) => light(event, false));
  }
  // A field may have had the focus before this file ran.
  light({ target: document.activeElement }, true);

  // The picture follows the field in focus where it stands beside it, and not where it would
  // take the field away from under the eyes.
  const beside = window.matchMedia("(min-width: 52.01rem)");
  document.addEventListener("focusin", (event) => {
    const field = event.target instanceof Element && event.target.closest("[data-field]");
    if (!field || isBox(field) || !beside.matches) return;
    allOf(field.dataset.field).find(isBox)?.scrollIntoView({ block: "nearest" });
  });

  // A pressed box goes to its field: to what can be typed in or followed there.
  const goTo = (box) => {
    const field = allOf(box.getAttribute("data-field")).find((element) => !isBox(element));
    const control = field?.querySelector("input, a[href]");
    if (control) control.focus();
  };
  document.addEventListener("click", (event) => {
    const box = event.target instanceof Element && event.target.closest("a[role=button][data-field]");
    if (!box) return;
    event.preventDefault();
    goTo(box);
  });
})();
