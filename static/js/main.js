/* Loads the module an element asks for by data-module="name other-name". Pages are whole without any of this. */
const known = new Set(["error-focus", "copy", "era", "count", "remaining", "score-keys"]);

for (const element of document.querySelectorAll("[data-module]")) {
  for (const name of element.dataset.module.split(/\s+/)) {
    if (known.has(name)) {
      import(`./${name}.js`).then((module) => module.start(element));
    }
  }
}
