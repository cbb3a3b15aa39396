/* At the seventh digit of the postal code, fills the empty address; what a person typed there is never written over. */
export function start(box) {
  const [code, address] = ["postal_code", "address"].map((name) => box.querySelector(`[name=${name}]`));
  const [said, choices] = [box.querySelector("[data-found]"), box.querySelector("[data-choices]")];
  let [asked, filled] = ["", ""];

  const fill = (place) => {
    if (address.value.trim() && address.value !== filled) return;
    address.value = filled = place;
    address.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const offer = (places) => {
    choices.hidden = !places.length;
    choices.querySelector(".hint")?.remove();
    choices.querySelector(".choices").replaceChildren(...places.map((place) => {
      const [label, radio, words] = ["label", "input", "span"].map((name) => document.createElement(name));
      Object.assign(radio, { type: "radio", name: "place", value: place });
      label.className = "choice";
      words.textContent = place;
      label.append(radio, words);
      return label;
    }));
  };

  async function look() {
    const digits = code.value.normalize("NFKC").replace(/\D/g, "");
    if (digits.length !== 7 || digits === asked) return;
    asked = digits;
    const answer = await fetch(box.dataset.url.replace("0000000", digits)).catch(() => null);
    if (!answer?.ok) {
      asked = "";
      return;
    }
    const { places } = await answer.json();
    const isFree = !address.value.trim() || address.value === filled;
    if (isFree) fill(places.length === 1 ? places[0] : "");
    offer(isFree && places.length > 1 ? places : []);
    const { unknown, one, many } = box.dataset;
    said.textContent = !places.length ? unknown : places.length === 1 ? one.replace("{}", places[0]) : isFree ? many : "";
  }

  code.addEventListener("input", (event) => { if (!event.isComposing) look(); });
  code.addEventListener("compositionend", look);
  choices.addEventListener("change", (event) => {
    fill(event.target.value);
    address.focus();
  });
}
