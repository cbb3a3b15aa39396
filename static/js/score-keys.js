/* Scoring by keys: 1-9 and 0 set the level of the criterion in hand and go on, Enter saves, Shift+Enter goes to the one before.
   Full-width digits count; keys typed into a text, with a modifier or while an input method composes do not. */
const digit = (event) => {
  const plain = event.key.normalize("NFKC");
  if (/^[0-9]$/.test(plain)) return plain;
  return event.key === "Process" && /^(Digit|Numpad)[0-9]$/.test(event.code) ? event.code.slice(-1) : null;
};

export function start(form) {
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  if (!criteria.length || form.querySelector("fieldset:disabled")) return;
  const firstOpen = criteria.findIndex((one) => !one.querySelector(":checked"));
  let current = Math.max(firstOpen, 0);
  const focus = () => {
    const one = criteria[current];
    (one.querySelector(":checked") || one.querySelector("input")).focus();
  };
  const mark = (one) => {
    const value = one.querySelector(":checked").value;
    const tag = one.querySelector(".tag");
    tag.textContent = value === "0" ? "評価不能" : value;
    tag.classList.add("tag--key");
  };
  const set = (value) => {
    const radio = criteria[current].querySelector(`input[value="${value}"]`);
    if (!radio) return;
    radio.checked = true;
    mark(criteria[current]);
    current = Math.min(current + 1, criteria.length - 1);
    focus();
  };

  if (matchMedia("(min-width: 60rem)").matches) {
    form.querySelector("[data-keys]").hidden = false;
    if (!document.getElementById("errors")) focus();
  }
  criteria.forEach((one, place) => {
    one.addEventListener("focusin", () => { current = place; });
    one.addEventListener("change", () => mark(one));
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("textarea, select, input:not([type=radio])") || event.target.closest("details, a, button");
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || typing) return;
    const value = digit(event);
    if (value !== null) {
      event.preventDefault();
      set(value);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.shiftKey) form.querySelector("[data-earlier]")?.click();
      else form.requestSubmit();
    }
  });
}
