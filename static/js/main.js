/* Loads the module an element asks for by data-module="name other-name". Pages are whole without any of this. */
const known = new Set(["error-focus", "copy", "era", "count", "remaining", "clock", "score-keys", "autosave", "address"]);

// Enter that ends a composition submits nothing (Safari says so by 229 alone)
document.addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && composing && event.target.matches("input")) event.preventDefault();
});

for (const element of document.querySelectorAll("[data-module]")) {
  for (const name of element.dataset.module.split(/\s+/)) {
    if (known.has(name)) {
      import(`./${name}.js`).then((module) => module.start(element));
    }
  }
}
